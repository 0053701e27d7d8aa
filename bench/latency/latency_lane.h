// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/latency/latency_rows.h"
#include "harness/kernel/program.h"
#include "harness/measure/histogram.h"
#include "harness/path/exchange.h"

namespace sklab {

// What a row showed in one round.
struct LatencyTurn {
  Histogram since_due;
  Histogram since_sent;
  uint64_t max_ns = 0;        // since due
  uint64_t last_late_ns = 0;  // by how much the last request was sent late
  double sent_per_second = 0;
  double churn_s = 0;
  std::vector<uint64_t> operations_ns;  // of churn
};

// A row while it is being measured.
struct LatencyLane {
  LatencyRowSpec spec;
  std::vector<Program> programs;
  std::vector<uint64_t> runs_per_request;  // of each program, by the model
  double rate_per_second = 0;              // of requests
  std::unique_ptr<Exchange> exchange;      // none of a row that failed

  std::vector<LatencyTurn> turns;  // one a round

  std::string failure;  // why the row has no number; "" while all is well
  std::string reason_to_skip;

  // A churn that switches the key itself starts with it off.
  [[nodiscard]] bool wants_key_on() const { return spec.steering != Steering::kNone; }
  [[nodiscard]] bool is_out() const { return !failure.empty() || !reason_to_skip.empty(); }
};

// Of a section, in its order. The thread must be in the client's netns. Errors: those of Exchange.
Result<std::vector<LatencyLane>> make_latency_lanes(const LatencySection &section,
                                                    const PopulatedNetns &netns);

}  // namespace sklab
