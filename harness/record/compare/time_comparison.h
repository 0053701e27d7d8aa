// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "harness/record/compare/compare_record.h"
#include "harness/record/run_record.h"

namespace sklab {

// The base's rows, on all kernels, of which each was measured in several boots: a boot is a sample,
// as what a boot lays out where stays the same until the next. A row has another time if that is
// significant at 5 % after Holm's correction over all rows and kernels (rank sum test), and the
// change, a shift of Hodges and Lehmann, is 1 % of the base's time at least. It has the same if the
// 95 % interval of the change lies within that. Requires: a kernel at least, each with a run.
std::vector<ComparedRow> compare_times(const std::vector<std::vector<RunRecord>> &kernels);

}  // namespace sklab
