// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Where the cache of kernels is, and whose turn it is to change it.
#pragma once

#include <filesystem>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

// $SKLAB_KERNELS, or where programs are to keep what they can get again (XDG Base Directory
// Specification). Errors: kUsage without a home.
Result<std::filesystem::path> kernel_cache_folder();

// The right to change the cache, of one process at a time.
class CacheLock {
 public:
  // Makes the folder where it is missing, and waits for others; `waiting` is called meanwhile.
  // Errors: a folder that cannot be written; an interrupt.
  static Result<CacheLock> take(const std::filesystem::path &cache, const Tick &waiting);

 private:
  explicit CacheLock(UniqueFd file) : file_(std::move(file)) {}

  UniqueFd file_;
};

// What to do when the folder cannot be written.
inline constexpr char kCacheFolderHint[] = "choose another folder with SKLAB_KERNELS";

}  // namespace sklab
