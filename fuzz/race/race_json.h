// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a guest's races came to, as it prints it for the host.
#pragma once

#include <string>

#include "fuzz/race/race_run.h"
#include "harness/base/result.h"

namespace sklab {

struct RaceReport {
  uint64_t rounds = 0;
  uint64_t calls = 0;
  uint64_t explained = 0;
  uint64_t unknown = 0;
  uint64_t stops = 0;
  std::string without_stops;
  std::string signature;  // of the finding; "" for none
  std::string results;    // of its calls, one a line
  uint64_t round = 0;     // of the finding
};

RaceReport report_of(const RaceFigures &figures);

std::string race_report_json(const RaceReport &report);
// Errors: it is something else.
Result<RaceReport> parse_race_report(const std::string &text);

}  // namespace sklab
