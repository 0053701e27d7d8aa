// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// All that a gate has seen of a row so far.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/gate/comparison.h"
#include "harness/record/baseline/baseline_record.h"

namespace sklab {

struct RowTally {
  std::string name;
  std::string title;
  std::string path;
  std::string failure;    // why there is no number, from the first comparison that said so
  std::string skipped;    // why it cannot be measured here
  std::string too_noisy;  // why there was no sample, the last time that there was none

  // A process each, nanoseconds per lookup.
  std::vector<double> base_ns;
  std::vector<double> candidate_ns;
  // Every value that a count has had, of base and candidate.
  std::map<std::string, std::array<std::set<uint64_t>, 2>> counts;

  // Side by side: logarithms of ratios, see RowSample.
  std::vector<double> changes;
  std::vector<double> self_changes;

  // Where base_ns is from, unless both sides are measured.
  std::optional<BaselineRow> baseline;
  std::vector<double> candidate_empty_loop_ns;

  // Of a row that is compared with this one; the candidate has no sample yet.
  static RowTally against(const BaselineRow &baseline);

  void add(const RowSample &sample);
  // What one process of the candidate measured. Errors: kUsage for another row than that of
  // the baseline.
  Result<> add(const LockstepRow &measured);
};

}  // namespace sklab
