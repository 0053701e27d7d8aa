// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/letter.h"

#include <algorithm>

#include "harness/base/wrap.h"

namespace sklab {
namespace {

bool is_ascii(char c) { return c >= ' ' && c <= '~'; }

}  // namespace

std::string ascii_line(std::string line) {
  std::replace_if(
      line.begin(), line.end(), [](char c) { return !is_ascii(c); }, '?');
  line.resize(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string letter_line(std::string line) {
  if (line.size() > kLetterColumns) line.resize(kLetterColumns);
  return ascii_line(std::move(line));
}

std::string letter_text(const std::string &text, size_t first_indent, size_t indent) {
  std::string lines = wrap(text, first_indent, indent, kLetterColumns);
  std::replace_if(
      lines.begin(), lines.end(), [](char c) { return c != '\n' && !is_ascii(c); }, '?');
  return lines;
}

}  // namespace sklab
