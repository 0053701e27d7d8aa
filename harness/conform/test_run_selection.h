// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// How BPF_PROG_TEST_RUN tells which socket a sk_lookup program selected: by its cookie, and not at
// all when a reuseport group would have to choose.
void check_test_run_selection(CaseLog &log);

}  // namespace sklab
