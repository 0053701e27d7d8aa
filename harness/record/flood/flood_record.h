// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a run of `sklab flood` found out, as its table and flood.json show it. Everything in it is
// computed from a RunRecord's rows (flood_summary.h); renderers compute nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/measure/estimate.h"
#include "harness/record/run_record.h"

namespace sklab {

// Raised when a field changes its meaning or goes away, not when one is added.
inline constexpr int kFloodSchemaVersion = 1;

// Of a row, to key_off: medians over rounds.
struct FloodDelta {
  Estimate packet_ns;
  Estimate percent;
  std::string verdict;  // "slower", "faster", "same" or "unclear"
};

// What the same program adds to a lookup by the probe path, measured in the same rounds.
struct FloodByProbe {
  Estimate lookup_ns;
  Estimate unexplained_ns;  // the flood's difference less the probe's
};

struct FloodRow {
  std::string name;  // within its family: "pass"
  std::string title;
  RowStatus status = RowStatus::kOk;
  std::string reason;  // why there is no number
  Estimate packets_per_second;
  Estimate packet_ns;
  // Of the processor's own counters, where it has some.
  std::optional<double> packet_cycles;
  std::optional<double> packet_instructions;
  std::optional<FloodDelta> delta;
  std::optional<FloodByProbe> probe;
};

// A part of what a packet of key_off takes.
struct FloodShare {
  std::string name;
  Estimate packet_ns;
  double percent = 0;
};

// Of the tables that came with the series in 2020: other hardware, another kernel.
struct PublishedFlood {
  double packets_per_second = 0;          // without a program
  double packets_per_second_program = 0;  // with the series' one
  double percent = 0;                     // of the latter, to the kernel before the series
};

struct FloodFamily {
  std::string name;    // "udp4"
  std::string packet;  // "UDP without data"
  std::vector<FloodRow> rows;
  std::vector<FloodShare> shares;
  std::optional<PublishedFlood> published;
};

struct FloodRecord {
  std::string run_id;
  std::string started_utc;
  double duration_s = 0;
  std::string mode;
  std::string command_line;
  uint64_t seed = 0;
  std::string generator;
  bool complete = true;  // or else interrupted: what was measured until then
  Fingerprint fingerprint;
  std::vector<std::string> warnings;
  std::vector<SelfCheck> self_checks;
  std::vector<FloodFamily> families;
};

}  // namespace sklab
