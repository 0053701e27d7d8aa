// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/page/page_section.h"
#include "harness/record/range/range_record.h"

namespace sklab {

// What `sklab range` found, as a section: a chart of each figure, and all of them in a table.
// `suffix` is appended to its id.
PageSection range_section(const RangeRecord &record, const std::string &suffix);

}  // namespace sklab
