// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/guest/kernels/kernel_cache.h"

namespace sklab {

// One line a kernel, and another for what is wrong with it.
std::string kernel_table(const std::vector<CachedKernel> &kernels);

// An array, for programs.
std::string kernel_list_json(const std::vector<CachedKernel> &kernels);

}  // namespace sklab
