// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What later gates are compared with: every row measured twice, one recording after the other, so
// that the difference between the two says what the machine makes of the same code.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/record/fingerprint.h"

namespace sklab {

// Raised when a field changes its meaning or goes away, not when one is added.
inline constexpr int kBaselineSchemaVersion = 1;

// A process each, in the order they ran.
struct BaselineSamples {
  std::vector<double> latency_ns;     // per lookup, overhead taken off
  std::vector<double> empty_loop_ns;  // that overhead; empty for a program by itself
};

struct BaselineRow {
  std::string name;
  std::string title;
  std::string path;                        // "probe", "test_run" or "flood"
  std::string definition;                  // as that of a result's row
  std::map<std::string, uint64_t> counts;  // that must not grow: "program_instructions"
  BaselineSamples first;
  BaselineSamples second;
};

struct BaselineRecord {
  std::string name;
  std::string recorded_utc;  // ISO 8601, seconds, "Z"
  double duration_s = 0;
  std::string mode;  // "default" or "quick"
  std::string command_line;
  uint64_t seed = 0;          // of the packets, too: gates look the same ones up
  double batch_ns = 0;        // how long batches were to take
  uint64_t cpu = 0;           // that measured
  uint64_t cpus_allowed = 0;  // to the process: some rows use all of them
  Fingerprint fingerprint;
  std::vector<BaselineRow> rows;
};

}  // namespace sklab
