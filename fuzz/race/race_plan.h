// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a round of a race is: what there is when it begins, and the calls of each thread. Made up
// from a seed: the same seed makes the same plan everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/race/race_call.h"

namespace sklab {

struct RaceScript {
  std::optional<size_t> key;  // of the map: the socket to assign
  uint32_t flags = 0;
  uint32_t return_code = 1;
  uint32_t delay = 0;

  bool operator==(const RaceScript &) const = default;
};

struct RacePlan {
  // Links alone change: then every result has to be explained by an order of the calls.
  bool links_only = true;
  std::array<RaceScript, kRacePrograms> scripts;
  // Programs of those that are attached when it begins: a number, or first_program_of(link) for one
  // that nobody else holds.
  std::vector<size_t> links;
  std::vector<std::vector<RaceCall>> threads;
  uint64_t schedule_seed = 0;

  bool operator==(const RacePlan &) const = default;
};

RacePlan random_race_plan(uint64_t seed);

// For people, a line a script, link and call.
std::string format_race_plan(const RacePlan &plan);

}  // namespace sklab
