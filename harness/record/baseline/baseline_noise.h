// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/record/baseline/baseline_record.h"

namespace sklab {

// By how much the two recordings may differ, as a fraction: the far end of the 95 % interval of the
// shift between them. Infinite with fewer than four processes each, which tell nothing; 0 if there
// is no second recording to tell.
double recordings_noise(const BaselineRow &row);

}  // namespace sklab
