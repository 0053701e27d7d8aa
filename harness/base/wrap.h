// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>

namespace sklab {

// What every text for people is fitted to.
inline constexpr size_t kTextColumns = 100;

// The text in lines of at most `columns`, the first indented by `first_indent` columns, the others
// by `indent`. A word that is longer than a line is cut.
std::string wrap(const std::string &text, size_t first_indent, size_t indent,
                 size_t columns = kTextColumns);

// One line: what does not fit is "...". `columns` is at least 3.
std::string clipped(const std::string &text, size_t columns);

}  // namespace sklab
