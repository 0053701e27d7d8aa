// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// What a kernel module says of itself.
struct ModuleInfo {
  std::vector<std::string> depends;  // names of modules that it needs to be loaded
  std::string release;               // of the kernel it was built for
};

// The names of modules have no '-' inside the kernel, their files may.
std::string module_name(std::string_view text);

// Reads the section .modinfo of a module that is not compressed. Errors: kUsage for what is no
// module.
Result<ModuleInfo> parse_module_info(std::string_view elf, const std::string &name);

}  // namespace sklab
