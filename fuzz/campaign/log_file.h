// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// A log of bounded size: a full one is renamed to PATH.old, which replaces the one before.
class LogFile {
 public:
  static constexpr uint64_t kMostBytes = 4 << 20;

  // Goes on with the file. Errors: what the file system reports.
  static Result<LogFile> open(const std::filesystem::path &path);

  // Errors: a full disk.
  Result<> write(std::string_view text);

 private:
  LogFile(std::filesystem::path path, UniqueFd fd, uint64_t size)
      : path_(std::move(path)), fd_(std::move(fd)), size_(size) {}

  std::filesystem::path path_;
  UniqueFd fd_;
  uint64_t size_;
};

}  // namespace sklab
