// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/steps.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "harness/measure/estimate.h"

namespace sklab {
namespace {

using Iterator = std::vector<double>::const_iterator;

std::optional<HistoryStep> step_at(Iterator begin, Iterator at, Iterator end) {
  constexpr auto kFewest = static_cast<std::ptrdiff_t>(kFewestRunsBesideStep);
  constexpr auto kMost = static_cast<std::ptrdiff_t>(kMostRunsBesideStep);
  if (at - begin < kFewest || end - at < kFewest) return std::nullopt;
  const Estimate before = median_estimate({at - std::min(kMost, at - begin), at});
  const Estimate after = median_estimate({at, at + std::min(kMost, end - at)});
  const bool overlap = before.low <= after.high && after.low <= before.high;
  if (overlap || std::abs(after.value / before.value - 1) <= kSmallestStep) return std::nullopt;
  return HistoryStep{0, before.value, after.value};
}

// Sum of the distances from the median.
double spread(Iterator begin, Iterator end) {
  std::vector<double> sorted(begin, end);
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted_quantile(sorted, 0.5);
  return std::accumulate(begin, end, 0.0,
                         [&](double sum, double x) { return sum + std::abs(x - median); });
}

void find_between(Iterator first, Iterator begin, Iterator end, std::vector<HistoryStep> &found) {
  HistoryStep best;
  auto best_at = end;
  double least = std::numeric_limits<double>::infinity();
  for (auto at = begin; at != end; ++at) {
    const auto step = step_at(begin, at, end);
    if (!step) continue;
    const double left = spread(begin, at) + spread(at, end);
    if (left >= least) continue;
    least = left;
    best = *step;
    best_at = at;
  }
  if (best_at == end) return;
  find_between(first, begin, best_at, found);
  best.at = static_cast<size_t>(best_at - first);
  found.push_back(best);
  find_between(first, best_at, end, found);
}

}  // namespace

std::vector<HistoryStep> find_steps(const std::vector<double> &figures) {
  std::vector<HistoryStep> found;
  find_between(figures.begin(), figures.begin(), figures.end(), found);
  return found;
}

}  // namespace sklab
