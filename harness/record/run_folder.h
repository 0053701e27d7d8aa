// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <ctime>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace sklab {

// "20261123T175500Z-" and six random hexadecimal digits: sorts by time, differs between runs of the
// same second.
std::string new_run_id(std::time_t utc);

// The files of one run. They are written into a hidden folder beside the final one, which appears
// complete or not at all.
class RunFolder {
 public:
  // Makes `runs_folder` and its parents where they are missing, and clears the hidden folders that
  // killed processes left in it. Errors: a folder that cannot be written.
  static Result<RunFolder> create(const std::filesystem::path &runs_folder, std::string run_id);
  RunFolder(RunFolder &&other) noexcept;
  RunFolder &operator=(RunFolder &&) = delete;
  // What was not published is removed.
  ~RunFolder();

  // Errors: whatever a full or failing disk reports.
  Result<> add(std::string_view name, std::string_view content);

  // Gives the folder its name, points the link `latest` to it, and returns its path.
  Result<std::filesystem::path> publish();

 private:
  RunFolder(std::filesystem::path runs_folder, std::string run_id, std::filesystem::path hidden)
      : runs_folder_(std::move(runs_folder)),
        run_id_(std::move(run_id)),
        hidden_(std::move(hidden)) {}

  std::filesystem::path runs_folder_;
  std::string run_id_;
  std::filesystem::path hidden_;  // empty once published
};

}  // namespace sklab
