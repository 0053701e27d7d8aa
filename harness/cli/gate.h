// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/exit_code.h"
#include "harness/cli/command.h"
#include "harness/cli/gate_sides.h"
#include "harness/cli/object_options.h"

namespace sklab {

struct GateCommandOptions {
  std::string filter;
  bool quick = false;
  std::optional<double> seconds;
  std::optional<uint64_t> seed;
  std::optional<unsigned> cpu;
  std::filesystem::path base;  // an sklab program, or a build's folder; "" for this one
  std::string baseline;        // instead: a name in the folder, or a file
  std::filesystem::path baselines = kBaselinesFolder;
  std::vector<std::string> allowed_mismatch;
  std::filesystem::path candidate;   // the same
  std::vector<std::string> kernels;  // instead of builds: the base's, the candidate's
  std::string inject;                // slows the candidate down: "10%"
  ThresholdOptions thresholds;
  ObjectOptions object;     // the candidate's, instead of sklab's own rows
  std::string base_object;  // FILE[:PROGRAM]; "" for the same
  std::filesystem::path output;
  bool json = false;
  std::string command_line;
};

ExitCode run_gate_command(const GateCommandOptions &options);

}  // namespace sklab
