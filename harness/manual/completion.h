// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Scripts by which shells complete a program's commands, options, choices, files and folders.
#pragma once

#include <string>

#include "harness/manual/command_help.h"

namespace sklab {

std::string bash_completion(const CommandHelp &root);
std::string zsh_completion(const CommandHelp &root);
std::string fish_completion(const CommandHelp &root);

}  // namespace sklab
