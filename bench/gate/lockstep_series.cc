// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/lockstep_series.h"

#include <algorithm>
#include <cstddef>

namespace sklab {

void drop_senseless_rounds(std::vector<LockstepSeries> &processes) {
  for (size_t round = processes[0].latency_ns.size(); round-- > 0;) {
    const auto has_sense = [&](const auto &series) { return series.latency_ns[round] > 0; };
    if (std::all_of(processes.begin(), processes.end(), has_sense)) continue;
    for (LockstepSeries &series : processes) {
      series.latency_ns.erase(series.latency_ns.begin() + static_cast<ptrdiff_t>(round));
    }
  }
}

}  // namespace sklab
