// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/guest/guest_run.h"

namespace sklab {

// The kernel that a user means: one of the cache by its name, or an image by itself. Errors: kUsage
// for what is not there.
Result<GuestKernel> target_kernel(const std::string &name);

}  // namespace sklab
