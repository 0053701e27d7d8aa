// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The groups that flood a netns with packets: one a family and protocol. See bench/row.h.
#pragma once

#include <vector>

#include "bench/row.h"

namespace sklab {

std::vector<GroupSpec> flood_groups();

// Of the row `name` of that group which measures the same lookup by the probe path, in the same
// rounds.
std::string probe_row_of(const std::string &flood_row);

}  // namespace sklab
