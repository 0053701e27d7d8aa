// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What `sklab compare` found out: the same rows and the same cases on several kernels, of which the
// first is the base.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/fingerprint.h"
#include "harness/record/gate_record.h"
#include "harness/record/run_record.h"

namespace sklab {

// Raised when a field changes its meaning or goes away, not when one is added.
inline constexpr int kCompareSchemaVersion = 1;

struct ComparedKernel {
  std::string name;    // as the user calls it
  std::string kernel;  // of the kernel cache, or a file
  std::string image_sha256;
  Fingerprint fingerprint;
  // The first line of its log that tells of a fault of its own; "" for none.
  std::string trouble;
};

// A row on one kernel.
struct ComparedCell {
  RowStatus status = RowStatus::kSkipped;
  std::string reason;                   // why there is no number
  double per_lookup = 0;                // instructions, or nanoseconds: the median of all boots
  uint64_t residue = 0;                 // of a count; 0 is exact
  Verdict verdict = Verdict::kSkipped;  // against the base
  std::optional<double> delta;          // per lookup, more than the base
  // Of a time: with its 95 % interval. A count has none.
  std::optional<double> delta_low = std::nullopt;
  std::optional<double> delta_high = std::nullopt;
};

// A line of a function's source that not as many instructions are executed of on every kernel.
struct ChangedLine {
  std::string file;  // of the kernel that has it
  unsigned line = 0;
  std::vector<double> instructions_per_lookup;  // a kernel each
};

// A function that a row's lookups execute other numbers of instructions of.
struct ChangedFunction {
  std::string name;                             // as its source has it
  std::string owner;                            // a module, "bpf", or "" for the kernel itself
  std::vector<double> instructions_per_lookup;  // a kernel each
  std::vector<ChangedLine> lines = {};          // if all kernels have debug information
};

struct ComparedRow {
  std::string name;
  std::string title;
  std::string path;                 // "probe", "test_run" or "flood"
  std::vector<ComparedCell> cells;  // a kernel each, in their order
  // Of one packet, the greatest change first; none if it was not asked for.
  std::vector<ChangedFunction> functions;
};

// A conformance case that did not come to the same on all kernels.
struct ChangedCase {
  std::string name;                  // "group/case"
  std::vector<std::string> results;  // a kernel each: pass, fail, xfail, skip, or "" for not there
  std::vector<std::string> reasons;  // why it did not simply pass
};

struct CompareRecord {
  std::string run_id;
  std::string started_utc;
  double duration_s = 0;
  std::string clock;   // "instructions" or "wall"
  std::string mode;    // "default" or "quick"
  uint64_t boots = 1;  // of each kernel
  std::string command_line;
  uint64_t seed = 0;        // of random packets and scenarios
  uint64_t guest_seed = 0;  // of all that is random in a guest
  std::vector<ComparedKernel> kernels;
  std::vector<ComparedRow> rows;
  uint64_t cases = 0;  // that were compared; 0 if none were
  std::vector<ChangedCase> changed_cases;
  std::vector<std::string> warnings;
};

inline bool compares_times(const CompareRecord &record) { return record.clock == "wall"; }

// Whether some kernel surely has another count than the base.
bool is_changed(const ComparedRow &row);

// Whether none surely has, but not all are known: a row that failed, or is not exact.
bool may_be_changed(const ComparedRow &row);

}  // namespace sklab
