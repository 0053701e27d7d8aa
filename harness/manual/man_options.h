// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/manual/command_help.h"

namespace sklab {

// The sections ARGUMENTS and OPTIONS of a page; groups of options have headings of their own.
std::string man_options(const CommandHelp &command);

}  // namespace sklab
