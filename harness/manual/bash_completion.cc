// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>
#include <re2/re2.h>

#include "harness/manual/completion.h"
#include "harness/manual/shell_text.h"

namespace sklab {
namespace {

// @ stands for the program's name. Nothing of the package bash-completion is used, so the script
// also works when it is only sourced.
constexpr char kEngine[] = R"(
# bash gives --option=value as three words.
_@() {
    local current=${COMP_WORDS[COMP_CWORD]} command=@ option='' word i
    local commands options arguments value several
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        [[ $word == '=' ]] && continue
        _@_value "$command" "$option"
        if [[ -n $value && $word != -* ]]; then
            [[ -n $several ]] || option=''
            continue
        fi
        option=$word
        _@_command "$command"
        [[ " $commands " == *" $word "* ]] && command+=" $word"
    done
    [[ $current == '=' ]] && current=''
    _@_value "$command" "$option"
    if [[ -z $value || $current == -* ]]; then
        _@_command "$command"
        if [[ $current == -* ]]; then
            value="words $options"
        elif [[ -n $commands ]]; then
            value="words $commands"
        else
            value=$arguments
        fi
    fi
    COMPREPLY=()
    case $value in
    words*) mapfile -t COMPREPLY < <(compgen -W "${value#words }" -- "$current") ;;
    folders) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
    files) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
    esac
    case $value in
    # A folder ends with / and no space. Outside a completion, as in a test, nobody can be told.
    folders | files) compopt -o filenames 2>/dev/null ;;
    esac
    return 0
}
complete -F _@ @
)";

std::string bash_value(const OptionHelp &option) {
  switch (option.value) {
    case ValueHint::kNone:
      return "";
    case ValueHint::kFile:
      return "files";
    case ValueHint::kFolder:
      return "folders";
    case ValueHint::kChoice:
      return "words " + joined_by_spaces(option.choices);
    case ValueHint::kAny:
      break;
  }
  return "any";
}

std::string names_of_options(const CommandHelp &command) {
  std::string names;
  for (const OptionHelp &option : command.options) {
    names += (names.empty() ? "" : " ") + joined_by_spaces(option.names);
  }
  return names;
}

std::string case_of_command(const CommandHelp &command) {
  const std::string arguments =
      command.arguments.empty() ? "" : bash_value(command.arguments.front());
  return fmt::format(
      "    {})\n        commands={}\n        options={}\n        arguments={}\n        ;;\n",
      shell_quoted(join_words(command, " ")),
      shell_quoted(joined_by_spaces(names_of_subcommands(command))),
      shell_quoted(names_of_options(command)), shell_quoted(arguments));
}

std::string cases_of_values(const CommandHelp &command) {
  std::string cases;
  for (const OptionHelp &option : command.options) {
    if (option.value == ValueHint::kNone) continue;
    std::string patterns;
    for (const std::string &name : option.names) {
      patterns +=
          (patterns.empty() ? "" : " | ") + shell_quoted(join_words(command, " ") + " " + name);
    }
    cases += fmt::format("    {}) value={} {};;\n", patterns, shell_quoted(bash_value(option)),
                         option.takes_several ? "several=1 " : "");
  }
  return cases;
}

}  // namespace

std::string bash_completion(const CommandHelp &root) {
  const std::string &name = root.words.front();
  std::string commands;
  std::string values;
  for (const CommandHelp *command : with_subcommands(root)) {
    commands += case_of_command(*command);
    values += cases_of_values(*command);
  }
  std::string engine = kEngine;
  RE2::GlobalReplace(&engine, "@", name);
  return fmt::format(
             "# shellcheck shell=bash\n# Made of what `{0} --help` prints.\n\n"
             "# What the command $1 has.\n_{0}_command() {{\n    case $1 in\n{1}    esac\n}}\n\n"
             "# What the option $2 of the command $1 takes: nothing, or what value says.\n"
             "_{0}_value() {{\n    value='' several=''\n    case \"$1 $2\" in\n{2}    esac\n}}\n",
             name, commands, values) +
         engine;
}

}  // namespace sklab
