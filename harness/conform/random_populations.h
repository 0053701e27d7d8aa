// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// Random populations (wildcard, specific, dual-stack and IPv6-only sockets, reuseport groups,
// connected ones), each with many random packets and programs, in every dialect, on the probe path.
void check_random_populations(CaseLog &log, const ConformSettings &settings);

}  // namespace sklab
