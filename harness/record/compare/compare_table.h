// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/record/compare/compare_record.h"

namespace sklab {

// Plain ASCII of at most 72 columns, for a terminal, a commit message or a cover letter: of more
// than three kernels several blocks. Only an option of the command line can be longer.
std::string compare_table(const CompareRecord &record);
std::string compare_markdown(const CompareRecord &record);

// "3 of 70 rows have other counts than on old, 1 may have"
std::string compare_summary(const CompareRecord &record);

// What the numbers of rows are: "instructions per lookup".
std::string per_lookup_title(const CompareRecord &record);
// One of them, or with `sign` the change of one.
std::string per_lookup_text(const CompareRecord &record, double value, bool sign = false);

// Why there is no count, or none that can be compared, a line each; nothing of rows that no kernel
// has a count of.
std::vector<std::string> compare_notes(const CompareRecord &record);

}  // namespace sklab
