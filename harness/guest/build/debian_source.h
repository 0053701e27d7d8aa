// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Debian's packages of the kernel's source: linux-source-6.12.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

// Whether somebody who says this means a package, and not a folder (./linux-source-6.12, or with a
// slash at its end, as shells complete it).
bool is_source_package(std::string_view name);

// The newest version of a package in what `apt-cache show` prints of it; "" for none.
std::string newest_version(std::string_view paragraphs, std::string_view package);

class DebianSource {
 public:
  // Package lists are kept below `cache`, which nobody else may change meanwhile. Errors:
  // kUnavailable without apt, or if there are no lists; kUsage for no such package.
  static Result<DebianSource> find(const std::filesystem::path &cache, const std::string &package,
                                   const Progressing &progress);

  [[nodiscard]] const std::string &version() const { return version_; }

  // Downloads it and unpacks it into `folder`; returns the top of the source. Errors: kUnavailable
  // if it cannot be had, now; whatever a full disk reports.
  Result<std::filesystem::path> unpack(const std::filesystem::path &folder) const;

 private:
  DebianSource(std::filesystem::path cache, std::string package, std::string version,
               Progressing progress)
      : cache_(std::move(cache)),
        package_(std::move(package)),
        version_(std::move(version)),
        progress_(std::move(progress)) {}

  std::filesystem::path cache_;
  std::string package_;
  std::string version_;
  Progressing progress_;
};

}  // namespace sklab
