// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the completions of all shells write alike.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "harness/manual/command_help.h"

namespace sklab {

// One word for every shell, whatever is in it.
inline std::string shell_quoted(const std::string &text) {
  std::string quoted = "'";
  for (const char letter : text)
    quoted += letter == '\'' ? std::string("'\\''") : std::string{letter};
  return quoted + "'";
}

inline std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

inline std::vector<std::string> names_of_subcommands(const CommandHelp &command) {
  std::vector<std::string> names;
  for (const CommandHelp &below : command.subcommands) names.push_back(below.words.back());
  return names;
}

inline std::string joined_by_spaces(const std::vector<std::string> &words) {
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace sklab
