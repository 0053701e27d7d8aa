// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A whole run of `sklab range`: of each family all methods in turns, each set up anew in every
// round, as two big populations at a time would slow each other down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/measure/progress.h"
#include "harness/record/range/range_record.h"

namespace sklab {

struct RangeOptions {
  std::vector<std::string> families;
  double seconds = 1;  // all families together, set-up included
  uint64_t seed = 1;
  std::optional<unsigned> cpu;
  std::string mode;
  Fingerprint fingerprint;   // as SuiteOptions have it
  std::string command_line;  // for the record
  // Called often, with seconds done and to do, and what is being measured.
  RunProgress progress;
};

// The record's run_id is the caller's to fill in. Interrupted, it has the families that are done
// and, with enough rounds, the one that was under way. Errors: kUsage for a CPU that does not
// exist, EINTR when interrupted too early, kUnavailable where this kernel or process cannot do it.
Result<RangeRecord> run_range(const RangeOptions &options);

}  // namespace sklab
