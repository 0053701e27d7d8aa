// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Records what later gates are compared with.
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

struct BaselineOptions {
  RowSelection selection;
  Side side;
  SharedObject object;      // the side's, instead of sklab's own rows
  unsigned processes = 12;  // of each recording
  uint64_t seed = 1;
  std::optional<unsigned> cpu;
  Fingerprint fingerprint;   // read before isolate_process()
  std::string command_line;  // for the record
  std::function<void(double done_share, const std::string &what)> progress;
};

// Measures every row twice, one recording after the other. Errors: as those of run_suite();
// kMismatch for a row that does not do what the model says; kUsage for so few processes that the
// recordings could not disagree. Name and folder are the caller's.
Result<BaselineRecord> record_baseline(const BaselineOptions &options);

// The second recording as a candidate for the first: rows that a gate would call slower or faster,
// had nothing told it how noisy the machine is. If there is one, the machine was not the same all
// the time, and the recordings are not worth keeping.
std::vector<GateRow> disagreements(const BaselineRecord &record, const Thresholds &thresholds);

}  // namespace sklab
