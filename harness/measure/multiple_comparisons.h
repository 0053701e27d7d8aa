// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How not to find a regression by asking often enough: over many rows, and over many looks.
#pragma once

#include <vector>

namespace sklab {

// P values of several tests, adjusted so that rejecting those up to alpha rejects a true hypothesis
// with a probability of at most alpha, whatever the tests have to do with each other (S. Holm, A
// Simple Sequentially Rejective Multiple Test Procedure, 1979). In the order of the tests.
// Requires: each in [0, 1].
std::vector<double> holm_adjusted(const std::vector<double> &p_values);

// The alpha that the look-th look, from 1, may use when a gate tests the same samples again after
// each addition to them, without having said how often. Chance gets a try at every look, so each
// may only spend a part of alpha: a half, a sixth, a twelfth, in general 1 / (look (look + 1)),
// which is 1/look - 1/(look + 1). The parts of all looks there can be sum up to alpha, and by
// Boole's inequality that bounds the chance that any of them rejects a true hypothesis. Intervals
// of these looks have a confidence of 1 less this. Requires: look > 0.
double spent_alpha(double alpha, unsigned look);

}  // namespace sklab
