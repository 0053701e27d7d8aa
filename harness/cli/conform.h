// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/exit_code.h"
#include "harness/cli/object_options.h"
#include "harness/cli/target.h"
#include "harness/model/rules.h"

namespace sklab {

struct ConformOptions {
  std::string filter;
  bool list = false;
  bool json = false;
  bool quick = false;
  bool exhaustive = false;
  bool coverage = false;
  bool fail_fast = false;
  std::optional<uint64_t> seed;
  std::string output;        // folder that gets one folder a run
  std::string command_line;  // for the record
  ObjectOptions object;      // a user's program instead of sklab's own
  TargetOptions target;
};

// `sklab conform`: KTAP or JSON goes to stdout, the summary and everything else to stderr. Tests
// give rules that the kernel does not follow.
ExitCode run_conform(const ConformOptions &options, const Rules &rules = kernel_rules());

}  // namespace sklab
