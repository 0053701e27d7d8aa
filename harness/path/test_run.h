// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The test_run path: BPF_PROG_TEST_RUN of a sk_lookup program itself. One program and the
// aggregation, no connected sockets and no hashtable: what it costs is not what a lookup costs.
#pragma once

#include <cstdint>

#include "harness/base/result.h"
#include "harness/model/scenario.h"

namespace sklab {

struct TestRunResult {
  uint32_t return_code = 0;      // SK_PASS or SK_DROP, as bpf_prog_test_run_sk_lookup aggregates it
  uint64_t selected_cookie = 0;  // SO_COOKIE of the selected socket, 0 for none
  // The kernel's own mean over `repeat` runs, in whole nanoseconds.
  uint32_t mean_duration_ns = 0;
  // The whole system call by our clock: finer than the above when `repeat` is large.
  uint64_t elapsed_ns = 0;
};

// Errors: EOPNOTSUPP when the selected socket is in a reuseport group and NO_REUSEPORT was not
// given (the kernel refuses to choose a member here); EINTR when a signal came before all repeats.
Result<TestRunResult> test_run(int program_fd, const Packet &packet, uint32_t repeat);

}  // namespace sklab
