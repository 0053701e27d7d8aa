// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A known slowdown, so that it can be shown that a gate notices one.
#pragma once

#include "bench/group_session.h"
#include "bench/lane.h"
#include "harness/base/result.h"

namespace sklab {

// Makes every lookup of the lane slower by this fraction of what it takes now: measures what the
// probe's needless work takes in this very loop, and sets lane.burn. The session's probe must have
// been created for that. Errors: kUnavailable for a program by itself, which no probe calls.
Result<> inject_slowdown(GroupSession &session, Lane &lane, const Lane *empty, double fraction);

}  // namespace sklab
