// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "bench/lane.h"
#include "bench/populated_netns.h"
#include "bench/row.h"

namespace sklab {

// Gives the lanes of a group with a user's program what they look up and what is right. What a
// lookup finds without the program is right for all rows but the program's own; that has to be what
// it found with it, and to keep the rules (model/object_rules.h), the expected answers among them:
// a lane that does not gets the reason as its failure. Errors: kUsage for more packets than the
// probe's table holds.
Result<> expect_object_answers(const GroupSpec &group, const PopulatedNetns &netns,
                               std::vector<Lane> &lanes);

}  // namespace sklab
