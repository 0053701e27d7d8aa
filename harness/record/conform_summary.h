// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/conform_record.h"

namespace sklab {

// The run for a person: a line a group, what failed or was skipped, and the sums. Plain ASCII, at
// most 100 columns but for scenarios.
std::string conform_summary(const ConformRecord &record);

}  // namespace sklab
