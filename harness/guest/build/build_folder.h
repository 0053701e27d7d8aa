// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Where kernels are built: a folder a source, kept so that the next build does only what changed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

class BuildFolder {
 public:
  // `identity` is what builds must have in common to share the folder, `label` the readable part of
  // its name. Waits for a process that builds there. Errors: a folder that cannot be written; an
  // interrupt.
  static Result<BuildFolder> open(const std::filesystem::path &cache, const std::string &label,
                                  const std::string &identity, const Tick &waiting);

  [[nodiscard]] const std::filesystem::path &path() const { return path_; }
  // What snapshots of sources are kept in (SourceSnapshots).
  [[nodiscard]] std::filesystem::path snapshots() const { return path_ / "snapshots.git"; }
  // The files that are compiled, and nothing else.
  [[nodiscard]] std::filesystem::path source() const { return path_ / "source"; }
  [[nodiscard]] std::filesystem::path objects() const { return path_ / "objects"; }
  [[nodiscard]] std::filesystem::path log() const { return path_ / "build.log"; }

 private:
  BuildFolder(std::filesystem::path path, UniqueFd lock)
      : path_(std::move(path)), lock_(std::make_shared<const UniqueFd>(std::move(lock))) {}

  std::filesystem::path path_;
  std::shared_ptr<const UniqueFd> lock_;
};

// The names of all of a cache.
std::vector<std::string> list_build_folders(const std::filesystem::path &cache);

// Removes those that nobody builds in, and returns how many these were.
Result<size_t> remove_build_folders(const std::filesystem::path &cache);

}  // namespace sklab
