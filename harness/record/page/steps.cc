// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/steps.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "harness/measure/estimate.h"

namespace sklab {
namespace {

using Iterator = std::vector<double>::const_iterator;

struct Candidate {
  Step step;
  double contrast = 0;  // |log(after / before)| within the windows
};

std::optional<Candidate> step_at(Iterator begin, Iterator at, Iterator end) {
  constexpr auto kFewest = static_cast<std::ptrdiff_t>(kFewestRunsBesideStep);
  constexpr auto kMost = static_cast<std::ptrdiff_t>(kMostRunsBesideStep);
  if (at - begin < kFewest || end - at < kFewest) return std::nullopt;
  const Estimate before = median_estimate({at - std::min(kMost, at - begin), at});
  const Estimate after = median_estimate({at, at + std::min(kMost, end - at)});
  const bool overlap = before.low <= after.high && after.low <= before.high;
  if (overlap || std::abs(after.value / before.value - 1) <= kSmallestStep) return std::nullopt;
  return Candidate{{0, before.value, after.value}, std::abs(std::log(after.value / before.value))};
}

void find_between(Iterator first, Iterator begin, Iterator end, std::vector<Step> &found) {
  Candidate best;
  Iterator best_at = end;
  for (Iterator at = begin; at != end; ++at) {
    const auto candidate = step_at(begin, at, end);
    if (!candidate || candidate->contrast <= best.contrast) continue;
    best = *candidate;
    best_at = at;
  }
  if (best_at == end) return;
  find_between(first, begin, best_at, found);
  best.step.at = static_cast<size_t>(best_at - first);
  found.push_back(best.step);
  find_between(first, best_at, end, found);
}

}  // namespace

std::vector<Step> find_steps(const std::vector<double> &figures) {
  std::vector<Step> found;
  find_between(figures.begin(), figures.begin(), figures.end(), found);
  return found;
}

}  // namespace sklab
