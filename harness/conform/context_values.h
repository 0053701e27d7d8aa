// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/result.h"
#include "harness/conform/case_log.h"
#include "harness/model/scenario.h"

namespace sklab {

// What programs load from the context: every allowed load, by itself and among all others, for
// several packets, compared with model/context_rules.h. The interface of arrival is always 0, since
// BPF_PROG_TEST_RUN takes no other.
void check_context_values(CaseLog &log);

// The same for one packet, in one case.
Result<> check_loads(Case &one, const Packet &packet);

}  // namespace sklab
