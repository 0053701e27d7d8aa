// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// A file that another process writes from its beginning to its end: takes what has come. What was
// taken needs no space on the disk any more, where the file system can do that.
class GrowingFile {
 public:
  explicit GrowingFile(std::filesystem::path path) : path_(std::move(path)) {}

  // Up to a megabyte; "" when nothing has come since the last call, or the file is not there yet.
  // Errors: what reading reports.
  Result<std::string> read();

 private:
  std::filesystem::path path_;
  UniqueFd fd_;
  int64_t offset_ = 0;
};

}  // namespace sklab
