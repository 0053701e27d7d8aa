// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Rows are named "section/row".
#pragma once

#include <string>

namespace sklab {

inline std::string section_of(const std::string &name) { return name.substr(0, name.find('/')); }

inline std::string within_section(const std::string &name) {
  const size_t slash = name.find('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

// Of another row, as a row of this name's section would call it.
inline std::string name_beside(const std::string &other, const std::string &name) {
  return section_of(other) == section_of(name) ? within_section(other) : other;
}

}  // namespace sklab
