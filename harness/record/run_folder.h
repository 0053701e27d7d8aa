// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/base/staged_folder.h"

namespace sklab {

// "20261123T175500Z-" and six random hexadecimal digits: sorts by time, differs between runs of the
// same second.
std::string new_run_id(std::time_t utc);

// The files of one run, which appear in a folder of their own, all or none.
class RunFolder {
 public:
  // Makes `runs_folder` and its parents where they are missing, and clears what killed processes
  // left in it. Errors: a folder that cannot be written.
  static Result<RunFolder> create(const std::filesystem::path &runs_folder, std::string run_id);

  // Errors: whatever a full or failing disk reports.
  Result<> add(std::string_view name, std::string_view content);

  // Gives the folder its name, points the link `latest` to it, and returns its path.
  Result<std::filesystem::path> publish();

 private:
  RunFolder(std::filesystem::path runs_folder, std::string run_id, StagedFolder staged)
      : runs_folder_(std::move(runs_folder)),
        run_id_(std::move(run_id)),
        staged_(std::move(staged)) {}

  std::filesystem::path runs_folder_;
  std::string run_id_;
  StagedFolder staged_;
};

}  // namespace sklab
