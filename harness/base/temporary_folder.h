// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "harness/base/result.h"

namespace sklab {

// A folder that nobody else can read, in TMPDIR or /tmp, removed with all that is in it.
class TemporaryFolder {
 public:
  // Its name begins with `prefix`. Errors: whatever mkdtemp(3) reports.
  static Result<TemporaryFolder> create(const std::string &prefix);
  TemporaryFolder(TemporaryFolder &&other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder &operator=(TemporaryFolder &&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path &path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

}  // namespace sklab
