// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A gate that compares two sides that both run here and now.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "bench/gate/side.h"
#include "bench/gate/thresholds.h"
#include "bench/row.h"
#include "harness/record/gate_record.h"

namespace sklab {

struct GateOptions {
  RowSelection selection;
  Side base;
  Side candidate;
  Thresholds thresholds;
  double seconds = 60;  // at most, until undecided rows are left at that
  uint64_t seed = 1;
  std::optional<unsigned> cpu;
  Fingerprint fingerprint;   // read before isolate_process()
  std::string command_line;  // for the record
  // Called often, with seconds that are over and how many rows are undecided.
  std::function<void(double done_s, const std::string &what)> progress;
};

// Compares until every row is decided or time is up. Errors: as those of run_suite(); sides that
// cannot be compared (kUsage). The record's run_id is the caller's to fill in.
Result<GateRecord> run_gate(const GateOptions &options);

}  // namespace sklab
