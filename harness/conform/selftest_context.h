// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Cases of the kernel's prog_tests/sk_lookup.c that are no scenarios: they look at links, or at
// what a program sees.
#pragma once

#include "harness/base/result.h"
#include "harness/conform/case_log.h"
#include "harness/kernel/netns.h"
#include "harness/model/scenario.h"

namespace sklab {

// Three links: the query's ids and their order; a detached link's info.
Result<> check_query(Case &result);

// "drop on valid ifindex" for TCP and UDP, IPv4 and IPv6: a program that drops what comes from one
// interface drops that and nothing else, on a wire and over loopback.
void check_interface_drops(CaseLog &log);

// A sender in this netns is told ECONNREFUSED, which only it can see: on a wire there is a packet.
Result<> check_refused_locally(const Netns &netns, const Packet &packet, Case &result);

// ctx->sk: NULL at first, then what was assigned last, readable.
Result<> check_selected_socket(Case &result);

// Loads of every width from every field.
Result<> check_narrow_access_v4(Case &result);
Result<> check_narrow_access_v6(Case &result);

}  // namespace sklab
