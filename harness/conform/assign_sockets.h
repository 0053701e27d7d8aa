// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// Sockets that no packet is ever for, beside those that one is: which of them the socket maps take
// (sock_map_update_elem_sys in net/core/sock_map.c), and what bpf_sk_assign says to those, with
// flags that are none and after another selection too.
void check_assign_sockets(CaseLog &log);

}  // namespace sklab
