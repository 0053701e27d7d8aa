// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "fuzz/lifecycle/lifecycle_lab.h"
#include "fuzz/target/finding.h"

namespace sklab {

// The signature of the finding, what differs, and the sequence as text and as a C program.
Finding describe_finding(const LifecycleFinding &finding);

}  // namespace sklab
