// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/latency/latency_record.h"
#include "harness/record/page/page_section.h"

namespace sklab {

// What `sklab latency` found, as a section: percentile plots, and all rows in tables. `suffix` is
// appended to its id.
PageSection latency_section(const LatencyRecord &record, const std::string &suffix);

}  // namespace sklab
