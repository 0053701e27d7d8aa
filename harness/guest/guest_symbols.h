// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A guest's side of harness/guest/profile/symbols.h.
#pragma once

#include <string>

#include "harness/base/result.h"

namespace sklab {

// The path by which a guest sends its symbols.
inline constexpr char kSymbolsPath[] = "/proc/kallsyms";

// To be called by a command that profiles BPF programs, while they are loaded: their symbols go
// with them. Those of the last call are what the host gets. Errors: a kernel without
// CONFIG_KALLSYMS.
Result<> keep_symbols();

// What was kept, or else the kernel's symbols of now.
Result<std::string> kept_symbols();

}  // namespace sklab
