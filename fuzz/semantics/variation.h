// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "fuzz/target/random.h"
#include "harness/model/scenario.h"

namespace sklab {

// A lookup costs the kernel a fraction of a microsecond, an input of a fuzzer several. So an input
// stands for its scenario and many that differ from it in a few places: with the same sockets,
// dialect and number of programs, since changing those costs system calls.
//
// Changes one to three things in programs or packet. The scenario stays valid.
void vary_scenario(Scenario &scenario, FuzzRandom &random);

}  // namespace sklab
