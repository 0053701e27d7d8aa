// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// Scenarios on the packet path: who receives, what the sender gets, what every assign returned and
// how often each program ran. The same lookup by a helper, over the same sockets, has to agree.
void check_delivery(CaseLog &log, const ConformSettings &settings);

}  // namespace sklab
