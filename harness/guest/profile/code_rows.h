// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a program's code was compiled from, by the DWARF of its file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// Instructions from `begin` to before `end` that one line was compiled to.
struct CodeRow {
  uint64_t begin = 0;
  uint64_t end = 0;
  std::string function;  // the innermost one: of an inlined function that one's name
  std::string file;      // as the compiler was given it
  unsigned line = 0;
};

// A function's code, or a piece of it that the compiler put elsewhere.
struct CodeRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

struct CodeOfFiles {
  std::vector<CodeRow> rows;
  std::vector<CodeRange> ranges;  // of functions that are not inlined
};

// The code of the compilation units that `wanted` is true of, by the names of their files. Errors:
// a file that cannot be read, or without debug information.
Result<CodeOfFiles> read_code_rows(const std::filesystem::path &program,
                                   const std::function<bool(std::string_view file)> &wanted);

// Where in `ranges` the function at `callee` is called by a plain call of x86-64: the addresses
// that those calls return to. Errors: a file that cannot be read.
Result<std::vector<uint64_t>> find_calls(const std::filesystem::path &program,
                                         const std::vector<CodeRange> &ranges, uint64_t callee);

}  // namespace sklab
