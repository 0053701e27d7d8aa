// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/ranks.h"

#include <algorithm>

namespace sklab {

std::vector<size_t> doubled_ranks(const std::vector<double> &values) {
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  std::vector<size_t> ranks(values.size());
  std::transform(values.begin(), values.end(), ranks.begin(), [&](double value) {
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
    // The ranks that these take up go from first + 1 to last; the middle, twice:
    return static_cast<size_t>((first - sorted.begin()) + 1 + (last - sorted.begin()));
  });
  return ranks;
}

std::vector<size_t> untied_doubled_ranks(size_t count) {
  std::vector<size_t> ranks(count);
  for (size_t i = 0; i < count; ++i) ranks[i] = 2 * (i + 1);
  return ranks;
}

}  // namespace sklab
