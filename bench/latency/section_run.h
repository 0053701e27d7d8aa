// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/key_switch.h"
#include "bench/latency/latency_lane.h"

namespace sklab {

struct SectionPlan {
  double row_seconds = 1;             // of measuring, for each row
  uint64_t seed = 1;                  // of the order of rows, and of churn
  std::optional<unsigned> churn_cpu;  // none: rows with churn are skipped
  // Called often, with the seconds that measuring has taken so far.
  std::function<void(double elapsed_s)> progress;
};

struct MeasuredSection {
  std::vector<LatencyLane> lanes;
  std::string doubt;  // of PopulatedNetns; "" for none
};

// Sets the section up, checks where requests go and which programs run, measures in rounds, and
// checks again. The thread is pinned. Errors: EINTR when interrupted before there were enough
// rounds.
Result<MeasuredSection> measure_section(const LatencySection &section, KeySwitch &key,
                                        const SectionPlan &plan);

}  // namespace sklab
