// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

// What the programs of a netns decide together.
struct Verdict {
  bool drop = false;                             // refuse the lookup: only when nothing is selected
  std::optional<size_t> socket;                  // index of the selected socket
  bool no_reuseport = false;                     // take it itself, not a member of its group
  std::vector<std::vector<int>> assign_results;  // per program, per assign
};

// Runs all programs in attach order: BPF_PROG_SK_LOOKUP_RUN_ARRAY in include/linux/filter.h.
//  - Each program starts from the selection remembered so far, and may replace it.
//  - What it leaves selected is remembered if it passes, and forgotten if it drops.
//  - Nothing selected and any drop: the lookup is refused. A selection outweighs every drop.
Verdict run_programs(const Scenario &scenario);

}  // namespace sklab
