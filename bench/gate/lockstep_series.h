// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <optional>
#include <vector>

namespace sklab {

// A row in one process.
struct LockstepSeries {
  std::vector<double> latency_ns;       // a round each, overhead taken off; all above 0
  std::optional<double> empty_loop_ns;  // that overhead; none for a program by itself
};

// An interrupt in the empty loops, or the like, can make rounds in which a lookup takes less than
// no time. Those say nothing, so they are taken out of all processes, and what is left has ratios.
// Requires: as many rounds in each; not empty.
void drop_senseless_rounds(std::vector<LockstepSeries> &processes);

}  // namespace sklab
