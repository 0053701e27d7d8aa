// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which of a kernel's modules a guest loads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

struct KernelModule {
  std::string name;
  std::string content;      // uncompressed
  bool for_tproxy = false;  // needed by rules of TPROXY only
};

// From all modules below `tree` (.ko, .ko.xz, .ko.zst, .ko.gz), those that sklab's packets and
// lookups use, and then TPROXY's, with what they depend on, in the order to load them. One that is
// not there is taken for built in. Errors: a module that is none, is of another kernel than
// `release`, cannot be decompressed, or depends on one that is missing.
Result<std::vector<KernelModule>> find_modules(const std::filesystem::path &tree,
                                               const std::string &release);

}  // namespace sklab
