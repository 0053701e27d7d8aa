// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// The cases of tools/testing/selftests/bpf/verifier/ctx_sk_lookup.c in the kernel's source, by
// their names. The one program that is accepted is run, too, which the kernel's test does not.
void check_context_selftest(CaseLog &log);

}  // namespace sklab
