// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// What bpf_sk_assign returns: every value of the low eight flags and a sample of the others, for
// every kind of socket and NULL, for every kind of packet, with and without an earlier selection.
// Where several errors apply, the one that is returned shows the order of the checks.
void check_assign_results(CaseLog &log, const ConformSettings &settings);

}  // namespace sklab
