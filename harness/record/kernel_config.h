// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

namespace sklab {

// The options of a kernel's configuration file, a line each, without what is different in every
// build: comments, names of the build, what the compiler calls itself. Two kernels with the same
// options are configured the same.
std::string kernel_options(const std::string &config);

}  // namespace sklab
