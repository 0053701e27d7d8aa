// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/base/child_process.h"

namespace sklab {

// Told what is being done now, again and again while it takes long.
using Progressing = std::function<void(std::string_view what)>;

// Called again and again meanwhile.
using Tick = std::function<void()>;

struct ToolRun {
  int exit_code = 0;
  std::string output;
  std::string errors;
};

// Runs a program of the host's, in the C locale, to its end. How it ended is in the result. Errors:
// those of ChildProcess::start(); more than `limit_s`; an interrupt.
Result<ToolRun> run_tool(ChildCommand command, double limit_s, const Tick &tick);

}  // namespace sklab
