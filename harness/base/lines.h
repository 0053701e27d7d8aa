// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sklab {

// Takes the first line off the text, and returns it without its newline.
inline std::string_view take_line(std::string_view &text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// The lines of which `wanted` is true, each with a newline.
template <typename Predicate>
std::string lines_where(std::string_view text, Predicate wanted) {
  std::string lines;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (wanted(line)) lines.append(line).push_back('\n');
  }
  return lines;
}

// All of them, without their newlines. They are parts of the text, which lives longer.
inline std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) lines.push_back(take_line(text));
  return lines;
}

}  // namespace sklab
