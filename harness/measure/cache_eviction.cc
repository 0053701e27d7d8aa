// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/cache_eviction.h"

namespace sklab {

void CacheEviction::evict() {
  for (Line &line : lines_) {
    // Nobody reads the number, so only volatile keeps the compiler from merging or dropping writes.
    volatile uint64_t &evictions = line.evictions;
    evictions = evictions + 1;
  }
}

}  // namespace sklab
