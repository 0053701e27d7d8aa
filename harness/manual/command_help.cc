// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/manual/command_help.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace sklab {
namespace {

std::vector<std::string> option_names(const CLI::Option &option) {
  std::vector<std::string> names;
  for (const std::string &name : option.get_snames()) names.push_back("-" + name);
  for (const std::string &name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

// The members of "{a,b}", which is how CLI::IsMember describes itself.
std::vector<std::string> choices_of(const std::string &limits) {
  if (limits.size() < 2 || limits.front() != '{' || limits.back() != '}') return {};
  std::istringstream members(limits.substr(1, limits.size() - 2));
  std::vector<std::string> choices;
  for (std::string member; std::getline(members, member, ',');) choices.push_back(member);
  return choices;
}

bool mentions(const std::string &text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

// Arguments known by their places are files of some kind unless it is said otherwise.
ValueHint kind_of_value(const OptionHelp &option, const std::string &type, bool is_argument) {
  if (!option.choices.empty()) return ValueHint::kChoice;
  // The words of this project, and those of CLI::ExistingDirectory and its kind.
  if (mentions(option.value_name + type, {"FOLDER", "DIR"})) return ValueHint::kFolder;
  if (mentions(option.value_name + type, {"FILE", "PATH"})) return ValueHint::kFile;
  return is_argument && mentions(type, {"TEXT"}) ? ValueHint::kFile : ValueHint::kAny;
}

// The parser joins a value's type and the descriptions of what checks it with colons.
void describe_value(const CLI::Option &option, bool is_argument, OptionHelp &help) {
  const std::string type = option.get_type_name();
  const size_t colon = type.find(':');
  help.value_name = is_argument ? option.get_name(true) : type.substr(0, colon);
  if (help.value_name.empty()) help.value_name = "VALUE";
  if (colon != std::string::npos) help.limits = type.substr(colon + 1);
  help.choices = choices_of(help.limits);
  help.value = kind_of_value(help, type, is_argument);
}

OptionHelp describe_option(const CLI::Option &option) {
  OptionHelp help;
  help.names = option_names(option);
  // A flag expects no value.
  if (option.get_items_expected_max() != 0) describe_value(option, help.names.empty(), help);
  help.default_value = option.get_default_str();
  help.description = option.get_description();
  help.group = option.get_group();
  help.is_required = option.get_required();
  help.takes_several = option.get_expected_max() > 1;
  for (const CLI::Option *other : option.get_excludes()) {
    for (const std::string &name : option_names(*other)) help.excludes.push_back(name);
  }
  return help;
}

void add_options(const CLI::App &app, CommandHelp &help) {
  for (const CLI::Option *option : app.get_options()) {
    if (option->get_group().empty()) continue;
    OptionHelp described = describe_option(*option);
    (described.names.empty() ? help.arguments : help.options).push_back(std::move(described));
  }
}

CommandHelp describe_below(const CLI::App &app, std::vector<std::string> words) {
  CommandHelp help;
  help.words = std::move(words);
  help.words.push_back(app.get_name());
  help.description = app.get_description();
  help.footer = app.get_footer();
  add_options(app, help);
  for (const CLI::App *below : app.get_subcommands(std::function<bool(const CLI::App *)>{})) {
    if (below->get_name().empty()) {
      add_options(*below, help);  // a group of options
    } else if (!below->get_group().empty()) {
      help.subcommands.push_back(describe_below(*below, help.words));
    }
  }
  return help;
}

}  // namespace

CommandHelp describe_command(const CLI::App &app) { return describe_below(app, {}); }

std::string join_words(const CommandHelp &command, const std::string &separator) {
  return fmt::format("{}", fmt::join(command.words, separator));
}

std::vector<const CommandHelp *> with_subcommands(const CommandHelp &command) {
  std::vector<const CommandHelp *> all = {&command};
  for (const CommandHelp &below : command.subcommands) {
    for (const CommandHelp *one : with_subcommands(below)) all.push_back(one);
  }
  return all;
}

}  // namespace sklab
