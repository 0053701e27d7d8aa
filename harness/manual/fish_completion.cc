// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include "harness/manual/completion.h"
#include "harness/manual/shell_text.h"

namespace sklab {
namespace {

// fish's quotes differ from those of the other shells: backslashes count within them.
std::string fish_quoted(const std::string &text) {
  std::string quoted = "'";
  for (const char letter : one_line(text)) {
    if (letter == '\'' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + "'";
}

// A function by which conditions ask. fish's own __fish_seen_subcommand_from takes the value of an
// option for a command, and knows nothing of commands below commands.
std::string function_for_commands(const CommandHelp &root) {
  std::string cases;
  for (const CommandHelp *command : with_subcommands(root)) {
    if (command != &root) cases += " " + fish_quoted(join_words(*command, " "));
  }
  return fmt::format(
      "# The command that the words on the line name so far.\n"
      "function __fish_{0}_command\n    set -l command {0}\n"
      "    for word in (commandline -opc)\n        switch \"$command $word\"\n"
      "            case{1}\n                set command \"$command $word\"\n"
      "        end\n    end\n    echo $command\nend\n\n",
      root.words.front(), cases.empty() ? " ''" : cases);
}

std::string fish_value(const OptionHelp &option) {
  switch (option.value) {
    case ValueHint::kNone:
      return "";
    case ValueHint::kFile:
      return " -r -F";
    case ValueHint::kFolder:
      return " -x -a '(__fish_complete_directories)'";
    case ValueHint::kChoice:
      return " -x -a " + fish_quoted(joined_by_spaces(option.choices));
    case ValueHint::kAny:
      break;
  }
  return " -x";
}

std::string fish_names(const OptionHelp &option) {
  std::string text;
  for (const std::string &name : option.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  return text;
}

}  // namespace

std::string fish_completion(const CommandHelp &root) {
  const std::string &name = root.words.front();
  std::string text = fmt::format("# Made of what `{0} --help` prints.\n\n{1}complete -c {0} -f\n",
                                 name, function_for_commands(root));
  for (const CommandHelp *command : with_subcommands(root)) {
    const std::string condition =
        fmt::format("test (__fish_{}_command) = \"{}\"", name, join_words(*command, " "));
    const std::string head = fmt::format("complete -c {} -n {}", name, fish_quoted(condition));
    for (const CommandHelp &below : command->subcommands) {
      text +=
          fmt::format("{} -a {} -d {}\n", head, below.words.back(), fish_quoted(below.description));
    }
    for (const OptionHelp &option : command->options) {
      text += head + fish_names(option) + fish_value(option) + " -d " +
              fish_quoted(option.description) + "\n";
    }
    for (const OptionHelp &argument : command->arguments) {
      // -r would ask for a value of an option.
      text += head + (argument.value == ValueHint::kFile ? " -F" : fish_value(argument)) + "\n";
    }
  }
  return text;
}

}  // namespace sklab
