// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/evidence.h"

#include <algorithm>
#include <cmath>

#include "harness/measure/rank_test.h"
#include "harness/measure/shift.h"
#include "harness/record/baseline/baseline_noise.h"

namespace sklab {
namespace {

constexpr double kNoiseConfidence = 0.95;

double far_end(const Estimate &interval) { return std::max(-interval.low, interval.high); }

// The least that there surely is.
double near_end(const Estimate &interval) { return std::max({0.0, interval.low, -interval.high}); }

Estimate as_fraction(const Estimate &logarithm) {
  return {std::expm1(logarithm.value), std::expm1(logarithm.low), std::expm1(logarithm.high)};
}

std::vector<double> moved(std::vector<double> values, double by) {
  for (double &value : values) value += by;
  return values;
}

Estimate shift_between(const std::vector<double> &to, const std::vector<double> &from,
                       double confidence) {
  return two_sample_shift(logarithms_of(to), logarithms_of(from), confidence);
}

}  // namespace

bool has_samples(const RowTally &tally) {
  return tally.baseline ? !tally.candidate_ns.empty() : !tally.changes.empty();
}

double machine_drift(const RowTally &tally) {
  if (!tally.baseline) return 0;
  std::vector<double> before = tally.baseline->first.empty_loop_ns;
  const std::vector<double> &second = tally.baseline->second.empty_loop_ns;
  before.insert(before.end(), second.begin(), second.end());
  if (before.empty() || tally.candidate_empty_loop_ns.empty()) return 0;
  return std::expm1(
      near_end(shift_between(tally.candidate_empty_loop_ns, before, kNoiseConfidence)));
}

Evidence evidence_of(const RowTally &tally, double confidence) {
  if (tally.baseline) {
    return {as_fraction(shift_between(tally.candidate_ns, tally.base_ns, confidence)),
            std::max(recordings_noise(*tally.baseline), machine_drift(tally))};
  }
  return {as_fraction(location_shift(tally.changes, confidence)),
          std::expm1(far_end(location_shift(tally.self_changes, kNoiseConfidence)))};
}

double p_beyond(const RowTally &tally, double margin) {
  if (!std::isfinite(margin)) return 1;
  const double edge = std::log1p(margin);
  const auto test = [&](double by) {
    return tally.baseline ? rank_sum_test(moved(logarithms_of(tally.candidate_ns), by),
                                          logarithms_of(tally.base_ns))
                          : signed_rank_test(moved(tally.changes, by));
  };
  return std::min({1.0, 2 * test(-edge).p_greater, 2 * test(edge).p_less});
}

double smallest_rank_sum_p(size_t base, size_t candidate) {
  // One of all ways to choose the candidate's ranks, and two sides.
  double ways = 1;
  for (size_t i = 1; i <= candidate; ++i) {
    ways *= static_cast<double>(base + i) / static_cast<double>(i);
  }
  return std::min(1.0, 2 / ways);
}

}  // namespace sklab
