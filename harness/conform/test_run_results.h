// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// What BPF_PROG_TEST_RUN of a sk_lookup program gives: return code, cookie of the selected socket,
// number of runs, duration, and the context as it comes back. bpf_prog_test_run_sk_lookup,
// bpf_test_finish and bpf_ctx_finish in net/bpf/test_run.c.
void check_test_run_results(CaseLog &log);

}  // namespace sklab
