// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/guest_run.h"

namespace sklab {

// The program that is this process, which is also a guest's first one.
std::filesystem::path own_program();

// All that a guest needs to run a command: this program, the command's, the libraries of both, the
// modules, the inputs and the plan. Errors: a file that cannot be read, a library that is missing.
Result<std::string> make_initramfs(const GuestKernel &kernel, const GuestCommand &command);

}  // namespace sklab
