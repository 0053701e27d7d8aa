// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which lines of a kernel's source have run, from which of its basic blocks have.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/guest/profile/code_rows.h"

namespace sklab {

struct LineState {
  std::set<std::string> functions;  // that it was compiled into, by the innermost names
  bool has_run = false;
};

// By file and line.
using LineCoverage = std::map<std::string, std::map<unsigned, LineState>>;

// The compiler puts a call at the beginning of each basic block (-fsanitize-coverage=trace-pc);
// `calls` are where they return to, sorted, and `ran` those that were seen. Instructions belong to
// the last call before them in their function's code, those before the first to the first. A line
// has run if any of its instructions has. Later passes of the compiler move and split blocks, so a
// line can be a neighbour's. Code without a call is left out.
LineCoverage line_coverage(const CodeOfFiles &code, const std::vector<uint64_t> &calls,
                           const std::set<uint64_t> &ran);

// Whether what ran are blocks of this code: of another build nearly all are not, though some are by
// chance. A few never are: where a function ends with a jump to the tracer, KCOV names the place
// that the function returns to.
bool are_blocks_of(const std::set<uint64_t> &ran, const CodeOfFiles &code,
                   const std::vector<uint64_t> &calls);

}  // namespace sklab
