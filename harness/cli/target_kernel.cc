// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/target_kernel.h"

namespace sklab {

Result<GuestKernel> target_kernel(const std::string &name) { return GuestKernel{name, name, {}}; }

}  // namespace sklab
