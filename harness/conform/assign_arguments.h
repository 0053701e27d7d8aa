// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// What the verifier lets a sk_lookup program hand to bpf_sk_assign and bpf_sk_release
// (bpf_sk_lookup_assign_proto in net/core/filter.c), and which references it has to give back. What
// loads is run, too.
void check_assign_arguments(CaseLog &log);

}  // namespace sklab
