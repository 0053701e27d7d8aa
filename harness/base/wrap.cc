// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/wrap.h"

#include <sstream>

namespace sklab {

std::string wrap(const std::string &text, size_t first_indent, size_t indent, size_t columns) {
  std::istringstream words(text);
  std::string lines;
  std::string line(first_indent, ' ');
  bool empty = true;
  for (std::string word; words >> word; empty = false) {
    if (!empty && line.size() + 1 + word.size() > columns) {
      lines += line + "\n";
      line.assign(indent, ' ');
      empty = true;
    }
    if (!empty) line += ' ';
    line += word.substr(0, columns - line.size());
  }
  return lines + line + "\n";
}

std::string clipped(const std::string &text, size_t columns) {
  return text.size() <= columns ? text : text.substr(0, columns - 3) + "...";
}

}  // namespace sklab
