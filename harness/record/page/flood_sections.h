// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/flood/flood_record.h"
#include "harness/record/page/page_section.h"

namespace sklab {

// What `sklab flood` found, as a section: what rows take, what they add by flood and by probe, and
// the steps of a packet's way. `suffix` is appended to its id.
PageSection flood_section(const FloodRecord &record, const std::string &suffix);

}  // namespace sklab
