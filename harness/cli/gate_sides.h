// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What `sklab gate` and `sklab baseline` are told in the same way: which build, which thresholds.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "bench/gate/thresholds.h"
#include "harness/base/result.h"

namespace sklab {

struct ThresholdOptions {
  std::string change;  // for all rows: "1%"
  std::string size_growth;
  std::filesystem::path file;
};

void add_threshold_options(CLI::App &command, ThresholdOptions &options,
                           const std::string &change_help);

// Errors: kUsage, with the line of the file.
Result<Thresholds> read_thresholds(const ThresholdOptions &options, bool quick);

// The sklab program of a build: what was named, or sklab in the folder that was named; this one if
// nothing was. Errors: kUsage.
Result<std::filesystem::path> sklab_program(const std::filesystem::path &named);

}  // namespace sklab
