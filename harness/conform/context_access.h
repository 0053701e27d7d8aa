// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// Loads a program for every offset in and around the context, every size, reading and writing, and
// compares what the verifier says with model/context_rules.h.
void check_context_access(CaseLog &log);

}  // namespace sklab
