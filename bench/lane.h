// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/row.h"
#include "bench/traffic.h"
#include "harness/kernel/processor_counters.h"
#include "harness/kernel/program.h"
#include "harness/path/probe.h"

namespace sklab {

// A row while it is being measured, or the empty loop that measures what the rows' loop costs.
struct Lane {
  RowSpec spec;
  bool is_empty_loop = false;
  LookupsPerIteration per_iteration = LookupsPerIteration::kEight;
  std::vector<Program> programs;
  std::vector<uint32_t> program_ids;  // of the above
  Expectation expectation;
  uint32_t first_target = 0;  // of the expectation's targets in the probe's table
  // Of a row that is no scenario of scripted programs (definition_of in group_lanes.h).
  std::string definition;

  uint64_t lookups = 0;            // of a timed batch
  uint32_t burn = 0;               // needless work, see BatchRequest; for gates that must see it
  std::vector<double> samples_ns;  // per lookup and round, the loop included

  // Of a flood: where all its packets have to end; "" if they are not received.
  std::string packet_end;
  // Of all its timed batches, where the processor tells.
  ProcessorCounts processor_counts;
  uint64_t counted_packets = 0;

  // Filled in by the checks before and after (bench/check.h).
  uint64_t verified_lookups = 0;
  std::vector<uint64_t> program_runs;
  std::string selected_socket;
  std::string failure;  // why the row has no number; "" while all is well

  // Lanes that do not care whether the static key is on: they look nothing up.
  [[nodiscard]] bool ignores_key() const {
    return is_empty_loop || spec.path == RowPath::kTestRun || !is_received(spec.fate);
  }
  [[nodiscard]] bool looks_up() const {
    return spec.fate == FloodFate::kSocket || spec.fate == FloodFate::kLowHopLimit;
  }
  [[nodiscard]] bool wants_key_on() const { return spec.steering != Steering::kNone; }
  [[nodiscard]] uint32_t target_count() const {
    return static_cast<uint32_t>(expectation.targets.size());
  }
};

}  // namespace sklab
