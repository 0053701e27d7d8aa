// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Everything one run of `sklab bench` found out. The renderers beside this file turn it into files
// and tables; none of them computes a number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/measure/estimate.h"
#include "harness/record/fingerprint.h"

namespace sklab {

// Raised when a field changes its meaning or goes away, not when one is added.
inline constexpr int kResultSchemaVersion = 1;

enum class RowStatus : uint8_t {
  kOk,
  kFailed,   // the kernel did not do what the model says: no number
  kSkipped,  // this kernel or process cannot do it: no number, and why
};

// The difference of a row to another row of the same rounds.
struct RowDifference {
  std::string reference;  // the other row's name
  Estimate latency_ns;    // median of the paired differences, 95 % interval
};

// One row of the table.
struct RowRecord {
  std::string name;   // "udp4/assign_sockmap"
  std::string path;   // "probe", "test_run" or "flood": figures of different paths are never mixed
  std::string title;  // one line for people
  std::string definition;  // the scenario in its text form, and what the row does beyond it
  RowStatus status = RowStatus::kOk;
  std::string reason;  // why there is no number; empty when status is kOk

  uint64_t lookups_per_batch = 0;
  uint64_t batches = 0;
  unsigned cpus = 1;  // how many CPUs did lookups at the same time

  // Nanoseconds per lookup, the overhead below already taken off.
  Estimate latency_ns;
  Distribution batch_latency_ns;
  // What an empty program with the same loop costs, measured in the same rounds.
  double overhead_ns = 0;
  std::optional<RowDifference> difference;

  // What the check saw: the socket's name in the definition ("" for none), and how often each
  // program ran in `verified_lookups` lookups.
  std::string selected_socket;
  uint64_t verified_lookups = 0;
  std::vector<uint64_t> program_runs;

  // Anything else the row measured; the unit is the last word of the name: "setup_ms".
  std::map<std::string, double> counters;

  // Nanoseconds per lookup of every batch, overhead taken off, in the order they ran.
  std::vector<double> samples_ns;
};

// A check of the measurement itself: A/A, proportionality, residual overhead.
struct SelfCheck {
  std::string name;  // "a_a_control"
  std::string row;   // the row it was made on
  bool passed = false;
  Estimate value;
  std::string unit;         // "ns", "ratio"
  std::string expectation;  // "95 % interval contains 0 and is within +-0.4"
};

struct RunRecord {
  std::string run_id;       // name of the run's folder
  std::string started_utc;  // ISO 8601, seconds, "Z"
  double duration_s = 0;
  std::string mode;  // "default" or "quick"
  std::string command_line;
  uint64_t seed = 0;  // of the order of rows within rounds
  Fingerprint fingerprint;
  std::vector<std::string> warnings;  // a noisy machine and the like, each one line
  // Rows are missing, or have fewer batches. Not in result.json, where a warning says it.
  bool interrupted = false;
  std::vector<SelfCheck> self_checks;
  std::vector<RowRecord> rows;
};

}  // namespace sklab
