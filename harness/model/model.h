// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/model/outcome.h"
#include "harness/model/rules.h"
#include "harness/model/scenario.h"

namespace sklab {

// What the kernel must do with a valid scenario. A pure function: no system calls, no state.
Outcome evaluate(const Scenario &scenario, Arrival arrival = Arrival::kHelper,
                 const Rules &rules = kernel_rules());
// The same into an outcome whose memory is used again: a fuzzer asks millions of times a second.
void evaluate_into(const Scenario &scenario, Arrival arrival, const Rules &rules, Outcome &outcome);

// The stages of a lookup; each says whether it decided.
bool decide_connected(Lookup &lookup);
bool decide_hook(Lookup &lookup);
bool decide_hashtable(Lookup &lookup);

}  // namespace sklab
