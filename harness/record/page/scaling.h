// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "harness/record/page/page_section.h"
#include "harness/record/run_record.h"

namespace sklab {

// How a lookup's cost grows with the number of programs (rows TABLE_programs/N) and of sockets
// (TABLE_sockets/spread_N, collide_N, and the same with _assign_sockmap): a chart for each table,
// no section where no row has a number. `suffix` is appended to the sections' ids.
std::vector<PageSection> scaling_sections(const RunRecord &record, const std::string &suffix);

}  // namespace sklab
