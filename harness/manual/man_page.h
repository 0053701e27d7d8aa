// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/manual/command_help.h"

namespace sklab {

struct ManEdition {
  std::string date;    // 2026-01-31
  std::string source;  // "sklab 0.1.0"
};

// The page of `command`, of section 1, in man(7). What a command does not say itself (exit codes)
// or shows only in its own subcommands (examples), `root` and they do.
std::string man_page(const CommandHelp &command, const CommandHelp &root,
                     const ManEdition &edition);

}  // namespace sklab
