// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/compare/compare_record.h"

namespace sklab {

// Plain ASCII of at most 72 columns, for a terminal, a commit message or a cover letter: of more
// than three kernels several blocks.
std::string compare_table(const CompareRecord &record);
std::string compare_markdown(const CompareRecord &record);

}  // namespace sklab
