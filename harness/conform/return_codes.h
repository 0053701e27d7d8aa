// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// Which return codes a sk_lookup program may have: SK_DROP and SK_PASS, which the verifier must be
// able to tell (check_return_code in kernel/bpf/verifier.c). What loads is run, and must return
// what it says; what does not is refused in words that are kept.
void check_return_codes(CaseLog &log);

}  // namespace sklab
