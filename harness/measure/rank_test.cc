// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/rank_test.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "harness/measure/rank_sums.h"
#include "harness/measure/ranks.h"

namespace sklab {
namespace {

RankTest test_of_sum(const RankSums &sums, size_t sum) {
  const double greater = sums.at_least(sum);
  const double less = sums.at_most(sum);
  return {greater, less, std::min(1.0, 2 * std::min(greater, less))};
}

}  // namespace

RankTest signed_rank_test(const std::vector<double> &differences) {
  std::vector<double> nonzero;
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(nonzero),
               [](double difference) { return difference != 0; });
  std::vector<double> magnitudes = nonzero;
  for (double &magnitude : magnitudes) magnitude = std::abs(magnitude);
  const std::vector<size_t> ranks = doubled_ranks(magnitudes);
  size_t positive = 0;
  for (size_t i = 0; i < ranks.size(); ++i) positive += nonzero[i] > 0 ? ranks[i] : 0;
  return test_of_sum(RankSums::of_signs(ranks), positive);
}

RankTest rank_sum_test(const std::vector<double> &a, const std::vector<double> &b) {
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  const std::vector<size_t> ranks = doubled_ranks(all);
  const auto end_of_a = ranks.begin() + static_cast<std::ptrdiff_t>(a.size());
  const size_t sum_of_a = std::accumulate(ranks.begin(), end_of_a, size_t{0});
  return test_of_sum(RankSums::of_choices(ranks, a.size()), sum_of_a);
}

}  // namespace sklab
