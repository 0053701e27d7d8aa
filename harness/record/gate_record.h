// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a gate decided, row by row, and the numbers that it rests on. Renderers beside this file
// turn it into files and tables; none of them computes a number.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/measure/estimate.h"
#include "harness/record/fingerprint.h"

namespace sklab {

// Raised when a field changes its meaning or goes away, not when one is added.
inline constexpr int kGateSchemaVersion = 1;

// In the order of how much they matter: a gate's verdict is the first that one of its rows has.
enum class Verdict : uint8_t {
  kFailed,  // the kernel did not do what the model says: no number
  kRegression,
  kInconclusive,
  kImprovement,
  kNoChange,
  kSkipped,  // this kernel or process cannot do it
};
inline constexpr std::array<std::string_view, 6> kVerdictNames = {
    "failed", "regression", "inconclusive", "improvement", "no_change", "skipped"};

// One thing that was compared: a row's latency, or a count that must not grow.
struct GateRow {
  std::string name;      // of the row: "udp4/pass"
  std::string title;     // one line for people
  std::string path;      // "probe", "test_run" or "flood"
  std::string quantity;  // "latency_ns", or what was counted: "program_instructions"
  Verdict verdict = Verdict::kInconclusive;
  std::string reason;  // one line: why this verdict

  Estimate base;       // median over processes, 95 % interval
  Estimate candidate;  // the same
  // candidate / base - 1, as a fraction: Hodges-Lehmann, with the interval the verdict rests on.
  Estimate change;
  double confidence = 0;      // of that interval
  double p_value = 1;         // that the change is no more than the margin; two-sided, exact
  double p_adjusted = 1;      // the same by Holm over all rows
  double threshold = 0;       // fraction: a change below it is none
  double noise_floor = 0;     // fraction: what there is without any change (bench/gate/evidence.h)
  double absolute_floor = 0;  // in the quantity's unit: a change below it is none
  uint64_t samples = 0;       // processes of the candidate
  // How many more would decide, as far as can be told; none for a row that is decided.
  std::optional<uint64_t> further_samples;
  std::vector<double> base_samples;  // a process each, in the order they ran
  std::vector<double> candidate_samples;
};

// One of the two things compared.
struct GateSide {
  std::string name;         // "base" or "candidate"
  std::string description;  // what it is: a build, an object, a baseline
  Fingerprint fingerprint;
};

struct GateRecord {
  std::string run_id;       // name of the run's folder
  std::string started_utc;  // ISO 8601, seconds, "Z"
  double duration_s = 0;
  std::string kind;  // "side_by_side", "baseline" or "kernels"
  std::string mode;  // "default" or "quick"
  std::string command_line;
  uint64_t seed = 0;
  GateSide base;
  GateSide candidate;
  Verdict verdict = Verdict::kInconclusive;
  std::vector<std::string> warnings;  // each one line
  std::vector<GateRow> rows;
};

}  // namespace sklab
