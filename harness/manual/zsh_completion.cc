// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Specifications for zsh's _arguments; one function a command.
#include <fmt/format.h>

#include "harness/manual/completion.h"
#include "harness/manual/shell_text.h"

namespace sklab {
namespace {

// What _arguments and _describe take for punctuation.
std::string zsh_escaped(const std::string &text) {
  std::string result;
  for (const char letter : one_line(text)) {
    if (letter == ':' || letter == '[' || letter == ']' || letter == '\\') result += '\\';
    result += letter;
  }
  return result;
}

// ":FOLDER:_files -/"
std::string zsh_action(const OptionHelp &option) {
  const std::string head = ":" + zsh_escaped(option.value_name) + ":";
  switch (option.value) {
    case ValueHint::kNone:
      return "";
    case ValueHint::kFile:
      return head + "_files";
    case ValueHint::kFolder:
      return head + "_files -/";
    case ValueHint::kChoice:
      return head + "(" + joined_by_spaces(option.choices) + ")";
    case ValueHint::kAny:
      break;
  }
  return head + " ";
}

// One specification for each name: --help excludes -h, as an option given once excludes itself.
std::string specifications(const OptionHelp &option) {
  std::vector<std::string> excluded = option.names;
  excluded.insert(excluded.end(), option.excludes.begin(), option.excludes.end());
  std::string text;
  for (const std::string &name : option.names) {
    // Long options may be written with =.
    const std::string value_mark =
        option.value != ValueHint::kNone && name.starts_with("--") ? "=" : "";
    const std::string head =
        option.takes_several ? "*" : fmt::format("({})", joined_by_spaces(excluded));
    text += " \\\n    " +
            shell_quoted(fmt::format("{}{}{}[{}]{}", head, name, value_mark,
                                     zsh_escaped(option.description), zsh_action(option)));
  }
  return text;
}

std::string function_name(const CommandHelp &command) { return "_" + join_words(command, "_"); }

std::string leaf_function(const CommandHelp &command) {
  std::string text = function_name(command) + "() {\n  _arguments -s";
  for (const OptionHelp &option : command.options) text += specifications(option);
  for (const OptionHelp &argument : command.arguments) {
    text += " \\\n    " + shell_quoted((argument.takes_several ? "*" : "") + zsh_action(argument));
  }
  return text + "\n}\n\n";
}

std::string branch_function(const CommandHelp &command) {
  std::string text = function_name(command) +
                     "() {\n  local context state line\n  typeset -A opt_args\n  _arguments -C -s";
  for (const OptionHelp &option : command.options) text += specifications(option);
  text +=
      " \\\n    '1:command:->command' \\\n    '*::argument:->argument' && return\n"
      "  local -a commands\n  commands=(\n";
  std::string cases;
  for (const CommandHelp &below : command.subcommands) {
    const std::string &name = below.words.back();
    text += "    " + shell_quoted(name + ":" + zsh_escaped(below.description)) + "\n";
    cases += fmt::format("      {}) {} ;;\n", name, function_name(below));
  }
  return text +
         "  )\n  case $state in\n    command) _describe command commands ;;\n"
         "    argument)\n      case $line[1] in\n" +
         cases + "      esac\n      ;;\n  esac\n}\n\n";
}

}  // namespace

std::string zsh_completion(const CommandHelp &root) {
  const std::string &name = root.words.front();
  std::string text = fmt::format("#compdef {0}\n# Made of what `{0} --help` prints.\n\n", name);
  for (const CommandHelp *command : with_subcommands(root)) {
    text += command->subcommands.empty() ? leaf_function(*command) : branch_function(*command);
  }
  return text + function_name(root) + " \"$@\"\n";
}

}  // namespace sklab
