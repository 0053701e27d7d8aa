// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A whole run of `sklab latency`: sections one after the other, and of each its rows in turns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bench/latency/latency_rows.h"
#include "harness/base/result.h"
#include "harness/measure/progress.h"
#include "harness/record/latency/latency_record.h"

namespace sklab {

struct LatencyOptions {
  LatencySelection selection;
  double seconds = 1;  // of measuring, all sections together, set-up not included
  uint64_t seed = 1;
  std::optional<unsigned> cpu;  // of the requests; default: the last one allowed
  std::string mode;
  Fingerprint fingerprint;   // as SuiteOptions have it
  std::string command_line;  // for the record
  // Called often, with seconds of measuring done and to do, and what is being measured.
  RunProgress progress;
};

// The record's run_id is the caller's to fill in. Interrupted, it has the sections that are done
// and, with enough rounds, the one that was under way.
// Errors: kUsage for a CPU that does not exist, EINTR when interrupted too early, kUnavailable
// where this kernel or process cannot do it.
Result<LatencyRecord> run_latency(const LatencyOptions &options);

}  // namespace sklab
