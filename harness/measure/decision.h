// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What an interval allows to say, and how many samples it would take to say more.
#pragma once

#include <cstdint>
#include <optional>

#include "harness/measure/estimate.h"

namespace sklab {

// Whether the whole interval lies between these two, them included. That a change is not
// significant does not show that there is none; this does, for changes between `low` and `high`:
// with an interval of confidence 1 - 2 alpha it is the two one-sided tests of equivalence at alpha
// (D. J. Schuirmann, 1987).
bool lies_within(const Estimate &interval, double low, double high);

// About how many more samples make the interval of `have` samples so narrow that half its width is
// `wanted_half_width`, as widths shrink with the square root of the number of samples. None if it
// is narrow enough already, or if that cannot be told: the interval is not finite, or the number is
// not one of 64 bits. Requires: wanted_half_width > 0.
std::optional<uint64_t> further_samples(uint64_t have, const Estimate &interval,
                                        double wanted_half_width);

}  // namespace sklab
