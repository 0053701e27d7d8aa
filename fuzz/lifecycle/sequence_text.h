// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "fuzz/lifecycle/operation.h"

namespace sklab {

// For people: the programs that are attached, then the operations, one a line.
std::string format_sequence(const Sequence &sequence);

}  // namespace sklab
