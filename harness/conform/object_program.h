// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/suite.h"

namespace sklab {

// A user's program, whose lab is in the settings: each packet of its scenario gets its answer, on
// every path and twice the same; the program runs once a lookup that reaches it; and no reference
// to a socket is left over.
ConformGroup object_group();

}  // namespace sklab
