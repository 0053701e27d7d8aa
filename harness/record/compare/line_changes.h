// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/record/compare/compare_record.h"

namespace sklab {

// What a function's lookups execute of a line of its source.
struct LineCount {
  std::string file;
  unsigned line = 0;
  double instructions = 0;
};

// The lines of a function that differ between kernels, of which the first is the base. Lines are
// numbered otherwise in another source, so they are aligned first, as diff does: lines of a file
// that stand in the same order and take as many instructions are the same. What the changes sum up
// to is the function's own change. Requires: each kernel's lines by file and number.
std::vector<ChangedLine> changed_lines(const std::vector<std::vector<LineCount>> &kernels);

}  // namespace sklab
