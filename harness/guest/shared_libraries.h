// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// The paths that a program's loader and shared libraries must have for it to start, each as the
// loader looks for it; none for a static program. Errors: no program for x86-64, a library that is
// not installed.
Result<std::vector<std::string>> shared_libraries_of(const std::filesystem::path &program);

// What `ld.so --list` prints, taken apart: the paths, without the kernel's own library. Errors: a
// library that was not found.
Result<std::vector<std::string>> parse_library_list(std::string_view text);

// The program header's request for a loader (PT_INTERP); "" for a static program. Errors: kUsage
// for what is no x86-64 ELF program, or only a part of one.
Result<std::string> loader_of(std::string_view elf, const std::string &name);

}  // namespace sklab
