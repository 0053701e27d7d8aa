// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which line of a kernel's source an instruction is of, by the debug information of its vmlinux.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

struct CodeLine {
  std::string file;  // from the top of the source, where that can be told
  unsigned line = 0;
};
using CodeLines = std::map<uint64_t, CodeLine>;

// What `addr2line --addresses --inlines --functions` prints. Of inlined functions the innermost
// counts: the line is the one that the instruction was compiled from. Addresses without a line are
// left out.
CodeLines parse_source_lines(std::string_view text);

// Errors: kUnavailable without addr2line; a file that it cannot read.
Result<CodeLines> source_lines(const std::filesystem::path &vmlinux,
                               const std::vector<uint64_t> &addresses);

}  // namespace sklab
