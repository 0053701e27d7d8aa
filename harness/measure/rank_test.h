// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Tests of whether one of two things is greater, by ranks: one outlier, however far out, weighs no
// more than its rank. P values are exact, also with ties, up to the limits of RankSums; beyond
// these they are normal approximations.
#pragma once

#include <vector>

namespace sklab {

// How likely what was seen, or more of it, is by chance alone, for each alternative.
struct RankTest {
  double p_greater = 1;  // the differences are greater than 0; the first samples than the second
  double p_less = 1;
  double p_two_sided = 1;  // twice the smaller one, at most 1
};

// Wilcoxon's test of paired differences, which are symmetric around 0 by chance alone. Zeros say
// nothing about a direction and are dropped first, as Wilcoxon did; without any other difference
// the p values are 1. Ties get mid-ranks, and the distribution is that of these ranks with random
// signs.
RankTest signed_rank_test(const std::vector<double> &differences);

// Wilcoxon's rank sum test, which is Mann and Whitney's: by chance alone each way to split all
// samples into these two sizes is as likely. Ties get mid-ranks, which the distribution is about;
// if all samples are equal, or one side has none, the p values are 1.
RankTest rank_sum_test(const std::vector<double> &a, const std::vector<double> &b);

}  // namespace sklab
