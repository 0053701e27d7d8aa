// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/base/exit_code.h"
#include "harness/cli/target.h"

namespace sklab {

struct ReplayOptions {
  std::vector<std::string> files;  // scenarios as text; "-" is stdin
  TargetOptions target;
};

// `sklab replay`: runs each scenario on every path that can carry it, and compares with the rules.
ExitCode run_replay(const ReplayOptions &options);

}  // namespace sklab
