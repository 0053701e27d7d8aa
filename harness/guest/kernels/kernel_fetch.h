// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Debian's kernels for the cache, by the beginning of a version.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/guest/kernels/debian_archive.h"
#include "harness/guest/kernels/kernel_install.h"

namespace sklab {

struct FetchedKernel {
  bool was_there = false;
  InstalledKernel kernel;  // of one that was there the record only
};

class KernelFetcher {
 public:
  KernelFetcher(std::filesystem::path cache, bool update, Progressing progress)
      : cache_(std::move(cache)), update_(update), progress_(std::move(progress)) {}

  // Looks all of them up before any is fetched. Errors: those of DebianArchive.
  Result<> plan(const std::vector<std::string> &specs);

  // One that was planned. Another process may have fetched it meanwhile. Errors: those of
  // DebianArchive and install_kernel(); kUsage for a user's own kernel of that name.
  Result<FetchedKernel> fetch(const std::string &spec, const CacheLock &lock);

  Result<CacheLock> lock();

  // What was not as it should be, and yet good enough; "" for nothing.
  [[nodiscard]] std::string trouble() const { return archive_ ? archive_->trouble() : ""; }

 private:
  // None if it is to be fetched.
  Result<std::optional<KernelRecord>> present(const std::string &spec) const;

  std::filesystem::path cache_;
  bool update_;
  Progressing progress_;
  std::optional<DebianArchive> archive_;
  std::map<std::string, DebianKernel> planned_;
};

// Where a kernel's parts are below a folder that DebianArchive unpacked it in. Errors: no image.
Result<NewKernel> find_unpacked(const std::filesystem::path &unpacked, const std::string &release);

}  // namespace sklab
