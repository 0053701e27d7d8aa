// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>

#include "fuzz/lifecycle/operation.h"

namespace sklab {

// The smallest sequence found by leaving out operations, steps and flags for which `fails` still
// holds, as it does for `sequence`. The last operation stays: it is the one that fails.
Sequence reduce_sequence(Sequence sequence, const std::function<bool(const Sequence &)> &fails);

}  // namespace sklab
