// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include "harness/model/scenario.h"

namespace sklab {

// A valid scenario, in any dialect, that a netns of sklab can hold: its sockets can all be bound at
// the same time, to addresses that its loopback has. Few ports and addresses, so that sockets,
// assigns and packet have to do with each other. The same state of `random` gives the same scenario
// with every compiler.
Scenario random_scenario(std::mt19937_64 &random);

// Gives a scenario with sockets another packet and so many other programs.
void randomize_lookup(Scenario &scenario, size_t programs, std::mt19937_64 &random);

}  // namespace sklab
