// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

namespace sklab {

// What instrumented code has covered since the input began does not count. Without coverage in this
// program it does nothing.
void forget_coverage();

}  // namespace sklab
