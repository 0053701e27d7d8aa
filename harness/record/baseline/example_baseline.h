// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/record/baseline/baseline_record.h"

namespace sklab {

// One by hand, with a row of each path, for tests.
BaselineRecord example_baseline();

}  // namespace sklab
