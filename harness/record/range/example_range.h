// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/record/range/range_record.h"

namespace sklab {

// Made up, for tests: a family with a row of each kind.
RangeRecord example_range();

}  // namespace sklab
