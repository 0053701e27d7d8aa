// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/lane.h"
#include "bench/populated_netns.h"
#include "bench/row.h"
#include "harness/path/probe.h"

namespace sklab {

// The lanes of a group: one a row, in the group's order, and after them the empty loops they need.
// Programs are loaded and the packets written into the probe's table; nothing is attached yet.
Result<std::vector<Lane>> make_lanes(const GroupSpec &group, const PopulatedNetns &netns,
                                     Probe &probe, uint64_t seed);

// Index of the empty loop that runs the same way as this lane, or none for a program by itself
// and for a flood, which have no loop of ours around them.
std::optional<size_t> empty_loop_of(const std::vector<Lane> &lanes, const Lane &lane);

// The row's definition for the record: the model's scenario in its text form, as far as it is of a
// readable size, and what the row does beyond it.
std::string definition_of(const Lane &lane, const Population &population);

}  // namespace sklab
