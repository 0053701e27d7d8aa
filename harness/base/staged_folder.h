// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "harness/base/result.h"

namespace sklab {

// A folder that is filled under a hidden name beside its final one, and appears complete or not at
// all.
class StagedFolder {
 public:
  // Makes `parent` and those above it where they are missing, and clears what killed processes left
  // in it. Errors: a folder that cannot be written.
  static Result<StagedFolder> create(const std::filesystem::path &parent, std::string name);
  StagedFolder(StagedFolder &&other) noexcept
      : parent_(std::move(other.parent_)),
        name_(std::move(other.name_)),
        hidden_(std::exchange(other.hidden_, {})) {}
  StagedFolder &operator=(StagedFolder &&) = delete;
  // What was not published is removed.
  ~StagedFolder();

  // Where to put files; they are synced by whoever writes them.
  [[nodiscard]] const std::filesystem::path &path() const { return hidden_; }

  // Gives the folder its name, and returns its path. Errors: there is one of that name.
  Result<std::filesystem::path> publish();
  // As publish(), in place of one that may be there.
  Result<std::filesystem::path> publish_in_place();

 private:
  StagedFolder(std::filesystem::path parent, std::string name, std::filesystem::path hidden)
      : parent_(std::move(parent)), name_(std::move(name)), hidden_(std::move(hidden)) {}
  Result<std::filesystem::path> publish(unsigned rename_flags);

  std::filesystem::path parent_;
  std::string name_;
  std::filesystem::path hidden_;  // empty once published
};

// Removes a folder of `parent` such that nobody meets a part of it. Errors: no such folder.
Result<> remove_folder(const std::filesystem::path &parent, const std::string &name);

}  // namespace sklab
