// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/record/compare/compare_record.h"
#include "harness/record/page/page_section.h"

namespace sklab {

// What `sklab compare` found, as a section: charts of the main rows from kernel to kernel, all
// rows, the functions that changed, and the answers that differ. `suffix` is appended to its id.
PageSection kernel_section(const CompareRecord &record, const std::string &suffix);

}  // namespace sklab
