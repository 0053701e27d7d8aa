// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// Which of several UDP sockets receives that have the same address by SO_REUSEADDR and are in no
// reuseport group: the one with the highest score, and of equals the one that was bound last
// (compute_score() and udp4_lib_lookup2() in net/ipv4/udp.c, their like in net/ipv6/udp.c,
// udp_lib_get_port()). Without a program, and behind one that passes.
void check_shared_addresses(CaseLog &log);

}  // namespace sklab
