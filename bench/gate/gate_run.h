// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A gate: two sides that both run here and now, or one with a baseline.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/gate/side.h"
#include "bench/gate/thresholds.h"
#include "bench/row.h"
#include "harness/record/baseline/baseline_record.h"
#include "harness/record/gate_record.h"

namespace sklab {

struct GateOptions {
  RowSelection selection;
  Side base;  // of a baseline only its name and what it is
  Side candidate;
  SharedObject object;                        // the candidate's, instead of sklab's own rows
  std::optional<BaselineRecord> baseline;     // instead of measuring the base
  std::vector<std::string> allowed_mismatch;  // facts in which machine and baseline may differ
  Thresholds thresholds;
  double seconds = 60;  // at most, until undecided rows are left at that
  uint64_t seed = 1;
  std::optional<unsigned> cpu;
  Fingerprint fingerprint;   // read before isolate_process()
  std::string command_line;  // for the record
  // Called often, with seconds that are over and how many rows are undecided.
  std::function<void(double done_s, const std::string &what)> progress;
};

// Compares until every row is decided or time is up. Errors: as those of run_suite(); what cannot
// be compared (kUsage). The record's run_id is the caller's to fill in.
Result<GateRecord> run_gate(const GateOptions &options);

}  // namespace sklab
