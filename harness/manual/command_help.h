// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace sklab {

// What a shell can offer for a value.
enum class ValueHint { kNone, kAny, kFile, kFolder, kChoice };

struct OptionHelp {
  std::vector<std::string> names;  // "-h", "--help"; none for an argument known by its place
  std::string value_name;          // "FOLDER"; empty for a flag
  ValueHint value = ValueHint::kNone;
  std::vector<std::string> choices;
  std::string limits;  // in the parser's words: "INT in [1 - 1024]"
  std::string default_value;
  std::string description;
  std::string group;
  bool is_required = false;
  bool takes_several = false;
  std::vector<std::string> excludes;  // names of options
};

// A command as --help shows it, for what is made of the same data: man pages and completion.
struct CommandHelp {
  std::vector<std::string> words;  // {"sklab", "bench"}
  std::string description;
  std::string footer;
  std::vector<OptionHelp> options;
  std::vector<OptionHelp> arguments;  // known by their places
  std::vector<CommandHelp> subcommands;
};

// Hidden commands and options, those of the group "", are left out, as they are by --help.
CommandHelp describe_command(const CLI::App &app);

// "sklab-bench": a page's name. With a space between the words: what is typed.
std::string join_words(const CommandHelp &command, const std::string &separator);

// The command, then all those below it.
std::vector<const CommandHelp *> with_subcommands(const CommandHelp &command);

}  // namespace sklab
