// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// Helpers that find, convert or choose sockets: those that a sk_lookup program does not have
// (sk_lookup_func_proto and bpf_sk_base_func_proto in net/core/filter.c), and those whose result it
// cannot assign.
void check_socket_helpers(CaseLog &log);

}  // namespace sklab
