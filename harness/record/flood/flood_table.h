// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/flood/flood_record.h"

namespace sklab {

// For a terminal and for a cover letter: ASCII, 72 columns. First the table of the series, then all
// rows by family.
std::string flood_table(const FloodRecord &record);
std::string flood_markdown(const FloodRecord &record);

}  // namespace sklab
