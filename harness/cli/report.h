// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/base/exit_code.h"

namespace sklab {

struct ReportOptions {
  std::vector<std::string> results;  // folders or files
  std::string output;                // "" is report.html in the first result's folder
  std::string history;               // a folder of runs; "" for none
};

ExitCode run_report(const ReportOptions &options);

}  // namespace sklab
