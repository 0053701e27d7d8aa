// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The kernel's code that sklab is about.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sklab {

// Functions that belong together.
struct CodeGroup {
  const char *name;
  bool is_hook;  // the hook's own code, or what it is part of
  const char *file;
  std::vector<std::string_view> functions;  // of that file; empty: all
};

std::span<const CodeGroup> code_groups();

// Whether the compilation unit has code of a group, and calls for KCOV.
bool has_hook_code(std::string_view unit);

// "net/core/filter.c" of the path that a compiler was given.
std::string source_path(std::string_view file);

// Why a line is not reached.
struct Unreached {
  const char *function;  // with a * for anything
  const char *text;      // in the line or the one before; "" for all of them
  const char *why;
  bool is_invisible = false;  // it may run, where KCOV does not see it
};

// None for a line that should be, or of which nobody has said why not; `before` is the line before
// it. Valid forever.
const Unreached *why_unreached(std::string_view function, std::string_view line,
                               std::string_view before);

}  // namespace sklab
