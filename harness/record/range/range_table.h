// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/range/range_record.h"

namespace sklab {

// For a terminal and for a cover letter: ASCII, 72 columns.
std::string range_table(const RangeRecord &record);
std::string range_markdown(const RangeRecord &record);

}  // namespace sklab
