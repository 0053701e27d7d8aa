// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What of a program's file the kernel and the loader use.
#pragma once

#include <elf.h>

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// The program headers. What they say of the file lies within it. Errors: kUsage for what is no
// x86-64 ELF program, or only a part of one.
Result<std::vector<Elf64_Phdr>> segments_of(std::string_view elf, const std::string &name);

// The file without what nothing of it is loaded from: sections for debuggers are nine tenths of
// some programs, and an emulated kernel needs a second to unpack a hundred megabytes. Errors: those
// of segments_of().
Result<std::string> loadable_part(std::string_view elf, const std::string &name);

}  // namespace sklab
