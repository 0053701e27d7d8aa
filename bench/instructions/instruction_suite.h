// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <string>

#include "bench/row.h"
#include "harness/record/instructions/instruction_record.h"

namespace sklab {

struct InstructionSuiteOptions {
  RowSelection selection;
  SharedObject object;  // measured instead of sklab's own programs
  uint64_t seed = 1;
  bool profile = false;      // see CountOptions
  Fingerprint fingerprint;   // read before isolate_process()
  std::string command_line;  // for the record
  // Called often, with the share that is done and what is being counted.
  std::function<void(double share, const std::string &what)> progress;
};

// Errors: kUsage for a selection that does not exist, kUnavailable on a machine whose clock does
// not count instructions. The record's run_id is the caller's to fill in.
Result<InstructionRecord> count_suite(const InstructionSuiteOptions &options);

}  // namespace sklab
