// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Baselines on disk: NAME.json in a folder that is meant to be committed, or kept by CI.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/record/baseline/baseline_record.h"

namespace sklab {

// Where `named` is: itself if it is a path (it has a '/' or ends in .json), else a file of
// `folder`. Errors: kUsage for a name with other characters than letters, digits, '.', '_' and '-'.
Result<std::filesystem::path> baseline_path(const std::filesystem::path &folder,
                                            const std::string &named);

// Errors: kUsage for a file that is missing, damaged, of another schema version or something else;
// they name the file.
Result<BaselineRecord> read_baseline(const std::filesystem::path &file);

// Makes the folder where it is missing. Errors: kUsage for a file that exists, unless it may be
// replaced; whatever a full or failing disk reports.
Result<> write_baseline(const std::filesystem::path &file, const BaselineRecord &record,
                        bool replace);

// As write_baseline() would refuse: to be asked before minutes of measuring.
Result<> check_free(const std::filesystem::path &file, bool replace);

// Every *.json of the folder, by name; none for a folder that does not exist.
Result<std::vector<std::filesystem::path>> baseline_files(const std::filesystem::path &folder);

}  // namespace sklab
