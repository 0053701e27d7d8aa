// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/manual/man_options.h"

#include <algorithm>
#include <vector>

#include "harness/manual/roff.h"

namespace sklab {
namespace {

// The parser's name of the group of options that were put in none.
constexpr std::string_view kUsualGroup = "Options";

std::string bold_list(const std::vector<std::string> &codes, const std::string &separator) {
  std::string text;
  for (const std::string &code : codes) text += (text.empty() ? "" : separator) + roff_bold(code);
  return text;
}

std::string sentence(const std::string &roff) { return roff.ends_with('.') ? roff : roff + "."; }

std::string option_entry(const OptionHelp &option) {
  std::string text = ".TP\n" + bold_list(option.names, ", ");
  if (!option.value_name.empty()) {
    text += (option.names.empty() ? "" : " ") + roff_italic(option.value_name);
    if (option.takes_several) text += " ...";
  }
  text += "\n" + sentence(roff_text(option.description)) + "\n";
  if (!option.choices.empty()) {
    text += "One of: " + bold_list(option.choices, ", ") + ".\n";
  } else if (!option.limits.empty()) {
    text += "What is allowed: " + roff_text(option.limits) + ".\n";
  }
  if (!option.default_value.empty()) text += "Default: " + roff_bold(option.default_value) + ".\n";
  if (!option.excludes.empty()) text += "Not with " + bold_list(option.excludes, ", ") + ".\n";
  return text;
}

std::vector<std::string> groups_of(const std::vector<OptionHelp> &options) {
  std::vector<std::string> groups;
  for (const OptionHelp &option : options) {
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  return groups;
}

}  // namespace

std::string man_options(const CommandHelp &command) {
  std::string text;
  if (!command.arguments.empty()) text += ".SH ARGUMENTS\n";
  for (const OptionHelp &argument : command.arguments) text += option_entry(argument);
  if (!command.options.empty()) text += ".SH OPTIONS\n";
  for (const std::string &group : groups_of(command.options)) {
    if (group != kUsualGroup) text += ".SS " + roff_text(group) + "\n";
    for (const OptionHelp &option : command.options) {
      if (option.group == group) text += option_entry(option);
    }
  }
  return text;
}

}  // namespace sklab
