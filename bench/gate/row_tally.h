// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// All that a gate has seen of a row so far.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bench/gate/lockstep.h"

namespace sklab {

struct RowTally {
  std::string name;
  std::string title;
  std::string path;
  std::string failure;  // why there is no number, from the first comparison that said so
  std::string skipped;  // why it cannot be measured here

  // A process each, nanoseconds per lookup.
  std::vector<double> base_ns;
  std::vector<double> candidate_ns;
  // Logarithms of ratios, see RowSample.
  std::vector<double> changes;
  std::vector<double> self_changes;
  // Every value that a count has had, of base and candidate.
  std::map<std::string, std::array<std::set<uint64_t>, 2>> counts;

  void add(const RowSample &sample);
};

}  // namespace sklab
