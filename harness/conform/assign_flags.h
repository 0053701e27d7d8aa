// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// bpf_sk_assign with flags that the verifier does not know, all 64 bits of them: with a socket and
// with NULL, before and after another selection, compared with the model.
void check_assign_flags(CaseLog &log, const ConformSettings &settings);

}  // namespace sklab
