// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Ranks, which are doubled throughout: equal values share the middle of the ranks that they take
// up, which may end in a half, and twice that is an integer.
#pragma once

#include <cstddef>
#include <vector>

namespace sklab {

// Twice the rank of each value among all, from 2 up, in the order of the values. Requires: no NaN.
std::vector<size_t> doubled_ranks(const std::vector<double> &values);

// The doubled ranks of `count` values of which no two are equal: 2, 4, 6 and so on.
std::vector<size_t> untied_doubled_ranks(size_t count);

}  // namespace sklab
