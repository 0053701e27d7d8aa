// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <vector>

namespace sklab {

// Where a row's figures, a run each, move to another level.
struct HistoryStep {
  size_t at = 0;      // the first figure of the new level
  double before = 0;  // median of the figures before it, and of those from it on
  double after = 0;

  bool operator==(const HistoryStep &) const = default;
};

inline constexpr size_t kFewestRunsBesideStep = 5;
inline constexpr size_t kMostRunsBesideStep = 9;
inline constexpr double kSmallestStep = 0.01;

// Runs drift by a few percent, so one figure that is off is no step. Between two figures is one if
// the up to nine on each side of it, five at least, tell two levels: the 95 % intervals of their
// medians do not overlap, and the medians differ by more than 1 %. Where several places
// would do, the one is taken that leaves the figures nearest to the medians of all before it and
// all after it; then the same between that step and its neighbours, beyond which no window reaches.
// Requires: figures are finite and greater than 0.
std::vector<HistoryStep> find_steps(const std::vector<double> &figures);

}  // namespace sklab
