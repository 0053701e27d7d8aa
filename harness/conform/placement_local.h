// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// The part of check_placement() that needs no wire: traffic of a netns with itself, lookups by
// helpers, other network namespaces.
void check_local_placement(CaseLog &log);

}  // namespace sklab
