// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "bench/lane.h"
#include "bench/populated_netns.h"
#include "bench/row.h"

namespace sklab {

// Of a group.
inline constexpr size_t kMostObjectRows = 5;

// Whether the probe's table holds the packets of each kind, for all rows of their group. To be
// asked before anything is measured. Errors: kUsage.
Result<> check_packet_counts(const ObjectScenario &scenario);

// Gives the lanes of a group with a user's program what they look up and what is right. What a
// lookup finds without the program is right for all rows but the program's own; that has to be what
// it found with it, and to keep the rules (model/object_rules.h), the expected answers among them:
// a lane that does not gets the reason as its failure. Requires: check_packet_counts().
Result<> expect_object_answers(const GroupSpec &group, const PopulatedNetns &netns,
                               std::vector<Lane> &lanes);

}  // namespace sklab
