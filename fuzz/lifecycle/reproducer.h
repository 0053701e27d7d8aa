// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "fuzz/lifecycle/lifecycle_lab.h"

namespace sklab {

// A stand-alone C program, with `about` at its head, that makes the same calls, and exits 1 when
// one of them has another result than the rules say.
std::string reproducer_of(const std::string &about, const LifecycleFinding &finding);

}  // namespace sklab
