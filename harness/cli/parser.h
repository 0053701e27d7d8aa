// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace sklab {

struct Parser {
  std::unique_ptr<CLI::App> app;
  std::vector<Command> commands;  // borrow from app
};

// The parser of sklab's command line with all commands. What --help prints is also what man pages
// and completion are made of (harness/manual). The version is the caller's, as it changes with
// every commit.
Parser make_parser(const std::string &version, const std::string &command_line);

}  // namespace sklab
