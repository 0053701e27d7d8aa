// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/multiple_comparisons.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <numeric>

namespace sklab {

std::vector<double> holm_adjusted(const std::vector<double> &p_values) {
  std::vector<size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t one, size_t other) { return p_values[one] < p_values[other]; });
  std::vector<double> adjusted(p_values.size());
  double so_far = 0;  // a test is only rejected when all with smaller p values are
  for (size_t i = 0; i < order.size(); ++i) {
    const double p_value = p_values[order[i]];
    assert(p_value >= 0 && p_value <= 1);
    so_far = std::max(so_far, std::min(1.0, static_cast<double>(order.size() - i) * p_value));
    adjusted[order[i]] = so_far;
  }
  return adjusted;
}

double spent_alpha(double alpha, unsigned look) {
  assert(look > 0);
  const double number = look;
  return alpha / (number * (number + 1));
}

}  // namespace sklab
