// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// What BPF_PROG_TEST_RUN refuses of a sk_lookup program, and with which errno:
// bpf_prog_test_run_sk_lookup in net/bpf/test_run.c. A refused request neither runs the program nor
// writes results.
void check_test_run_inputs(CaseLog &log);

}  // namespace sklab
