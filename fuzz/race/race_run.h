// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Rounds of races in this kernel, one after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/race/race_plan.h"
#include "harness/base/result.h"

namespace sklab {

struct RaceSettings {
  uint64_t seed = 1;
  uint64_t rounds = 1000;
  // Called before each round, with where its stops are: the kernel may not live to see its end.
  std::function<void(uint64_t round, const std::vector<std::string> &stops)> begins =
      [](uint64_t, const std::vector<std::string> &) {};
};

struct RaceFinding {
  uint64_t round = 0;
  std::string signature;
  std::vector<std::vector<RaceEvent>> events;
  std::vector<std::string> stops;
};

struct RaceFigures {
  uint64_t rounds = 0;
  uint64_t calls = 0;
  uint64_t stops = 0;         // threads that were stopped in the middle of a call
  std::string without_stops;  // why none can be; "" if they can
  uint64_t explained = 0;     // rounds whose results an order of the calls explains
  uint64_t unknown = 0;       // rounds with too many orders to try
  std::optional<RaceFinding> finding;
};

// The plan of a round.
RacePlan race_plan_of(uint64_t seed, uint64_t round);

// Until a finding, or all rounds are over. In a process that isolate_process() has moved, in a
// guest. Errors: what the kernel or the machine did not let us do.
Result<RaceFigures> run_races(const RaceSettings &settings);

}  // namespace sklab
