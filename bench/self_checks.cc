// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/self_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/group_lanes.h"

namespace sklab {
namespace {

constexpr double kResidualOverheadNs = 2;
constexpr double kProportionality = 0.02;

const Lane *lane_with(const std::vector<Lane> &lanes, Role role) {
  const auto found = std::find_if(lanes.begin(), lanes.end(), [&](const Lane &lane) {
    return lane.spec.role == role && !lane.is_empty_loop && lane.failure.empty();
  });
  return found == lanes.end() ? nullptr : &*found;
}

// Of a packet's way through the stack a lookup is a small part, so what is asked of it is relative.
constexpr double kFloodControl = 0.01;

SelfCheck check_control(const Lane &row, const Lane &control, double half_width_ns) {
  if (row.spec.path == RowPath::kFlood) {
    half_width_ns = kFloodControl * distribution_of(row.samples_ns).p50;
  }
  SelfCheck check{
      "a_a_control",
      row.spec.name,
      false,
      paired_difference(control.samples_ns, row.samples_ns),
      "ns",
      fmt::format("95 % interval contains 0 and is no wider than +-{:.3g} ns", half_width_ns)};
  check.passed = check.value.low <= 0 && check.value.high >= 0 &&
                 check.value.high - check.value.low <= 2 * half_width_ns;
  return check;
}

// With twice the lookups an iteration, half as much of an iteration's cost falls on each. Both are
// taken off by their empty loops; where that is right, nothing is left to differ.
SelfCheck check_residual(const Lane &row, const Lane &empty, const Lane &unrolled,
                         const Lane &unrolled_empty) {
  std::vector<double> residual(row.samples_ns.size());
  for (size_t i = 0; i < residual.size(); ++i) {
    const double row_ns = row.samples_ns[i] - empty.samples_ns[i];
    const double unrolled_ns = unrolled.samples_ns[i] - unrolled_empty.samples_ns[i];
    residual[i] = 2 * (row_ns - unrolled_ns);
  }
  SelfCheck check{
      "residual_overhead",       row.spec.name, false,
      median_estimate(residual), "ns",          fmt::format("within +-{} ns", kResidualOverheadNs)};
  check.passed = std::abs(check.value.value) < kResidualOverheadNs;
  return check;
}

SelfCheck check_proportionality(const Lane &row, const Lane &longer) {
  const auto length = static_cast<double>(longer.lookups) / static_cast<double>(row.lookups);
  std::vector<double> ratio(row.samples_ns.size());
  for (size_t i = 0; i < ratio.size(); ++i) {
    ratio[i] = length * longer.samples_ns[i] / row.samples_ns[i];
  }
  SelfCheck check{"proportionality",
                  row.spec.name,
                  false,
                  median_estimate(ratio),
                  "ratio",
                  fmt::format("{} times the lookups take as many times as long, within {} %",
                              length, 100 * kProportionality)};
  check.passed = std::abs(check.value.value / length - 1) < kProportionality;
  return check;
}

}  // namespace

std::vector<SelfCheck> run_self_checks(const std::vector<Lane> &lanes,
                                       double control_half_width_ns) {
  std::vector<SelfCheck> checks;
  const Lane &row = lanes.front();
  if (!row.failure.empty() || row.spec.role != Role::kRow) return checks;
  if (const Lane *control = lane_with(lanes, Role::kControl)) {
    checks.push_back(check_control(row, *control, control_half_width_ns));
  }
  if (const Lane *unrolled = lane_with(lanes, Role::kUnrolled)) {
    const auto empty = empty_loop_of(lanes, row);
    const auto unrolled_empty = empty_loop_of(lanes, *unrolled);
    if (empty && unrolled_empty) {
      checks.push_back(check_residual(row, lanes[*empty], *unrolled, lanes[*unrolled_empty]));
    }
  }
  if (const Lane *longer = lane_with(lanes, Role::kDouble)) {
    checks.push_back(check_proportionality(row, *longer));
  }
  return checks;
}

}  // namespace sklab
