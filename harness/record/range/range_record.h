// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a run of `sklab range` found out, as its table and range.json show it. Renderers compute
// nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/measure/estimate.h"
#include "harness/record/run_record.h"

namespace sklab {

// Raised when a field changes its meaning or goes away, not when one is added.
inline constexpr int kRangeSchemaVersion = 1;

// Of one method, medians over rounds; each round sets it up anew.
struct RangeRow {
  std::string name;
  std::string title;
  RowStatus status = RowStatus::kOk;
  std::string reason;  // why there are no numbers
  uint64_t sockets = 0;
  uint64_t rounds = 0;
  uint64_t requests = 0;  // that were checked, of all rounds
  Estimate setup_ms;
  std::optional<Estimate> memory_bytes;  // none where the kernel does not tell
  // One after the other, as fast as one CPU can.
  Estimate requests_per_second;
  // What one takes then, to that of the hook, in percent; none for the hook itself.
  std::optional<Estimate> request_percent;
  // At a fixed rate, since requests were due.
  Estimate latency_ns_p50;
  Estimate latency_ns_p99;
};

struct RangeFamily {
  std::string name;                // "udp4"
  std::string range;               // "256 addresses of 203.0.113.0/24, ports 20000 to 20255"
  double requests_per_second = 0;  // at which latency was measured
  std::vector<RangeRow> rows;
};

struct RangeRecord {
  std::string run_id;
  std::string started_utc;
  double duration_s = 0;
  std::string mode;
  std::string command_line;
  uint64_t seed = 0;
  bool complete = true;  // or else interrupted: what was measured until then
  Fingerprint fingerprint;
  std::vector<std::string> warnings;
  std::vector<RangeFamily> families;
};

}  // namespace sklab
