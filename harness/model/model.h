// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/model/outcome.h"
#include "harness/model/scenario.h"

namespace sklab {

// What the kernel must do with a valid scenario. A pure function: no system calls, no state.
//
// The order of the stages is that of __udp4_lib_lookup and __inet_lookup in the kernel: connected
// sockets first, then the hook (BPF_PROG_SK_LOOKUP_RUN_ARRAY), then the hashtable.
Outcome evaluate(const Scenario &scenario);

}  // namespace sklab
