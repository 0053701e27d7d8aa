// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "harness/cli/compare_guests.h"

namespace sklab {

// How many guests that are, for progress.
size_t guests_for_times(const std::vector<NamedKernel> &kernels, const CompareOptions &options);

// Measures the rows on each kernel in several boots, one guest at a time: the kernels take turns,
// in another order each round. Fills in the record's rows, fingerprints and warnings. Errors: those
// of run_in_guest(); kMismatch for a guest that did not come through.
Result<> measure_times(const std::vector<NamedKernel> &kernels, const CompareOptions &options,
                       GuestProgress before, CompareRecord &record);

}  // namespace sklab
