// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

namespace sklab {

// The first line of a kernel log that tells of a fault of the kernel itself (WARN, BUG, an oops, a
// report of a sanitizer or of lockdep), empty if there is none.
std::string find_kernel_trouble(std::string_view log);

}  // namespace sklab
