// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"

namespace sklab {

// Where the hook runs, how often, and what a program sees there: packets on a wire and on the
// loopback interface, connected sockets, segments without a connection, ICMP errors, UDP-Lite, GRO,
// multicast, lookups by helpers, other network namespaces.
void check_placement(CaseLog &log);

}  // namespace sklab
