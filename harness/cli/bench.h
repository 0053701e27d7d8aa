// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/exit_code.h"
#include "harness/cli/object_options.h"
#include "harness/cli/target.h"

namespace sklab {

struct BenchOptions {
  std::string filter;
  bool list = false;
  bool json = false;
  bool quick = false;
  bool instructions = false;  // are counted, instead of time
  bool profile = false;       // with marks for the emulator's profile
  std::optional<double> seconds;
  std::optional<uint64_t> seed;
  std::optional<unsigned> cpu;
  std::string output;        // folder that gets one folder a run
  std::string command_line;  // for the record
  ObjectOptions object;      // a user's program instead of sklab's own
  TargetOptions target;
};

// `sklab bench`: the table or the JSON goes to stdout, everything else to stderr.
ExitCode run_bench(const BenchOptions &options);

}  // namespace sklab
