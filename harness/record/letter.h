// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Text for mail, which is read in terminals, by people and by tools that expect no more than ASCII.
#pragma once

#include <cstddef>
#include <string>

namespace sklab {

inline constexpr size_t kLetterColumns = 72;

// One line with its newline, without spaces at its end; bytes that are not ASCII as '?'.
std::string ascii_line(std::string line);

// The same, cut to kLetterColumns.
std::string letter_line(std::string line);

// Wrapped to kLetterColumns, the first line indented by `first_indent`, the others by `indent`.
std::string letter_text(const std::string &text, size_t first_indent, size_t indent);

}  // namespace sklab
