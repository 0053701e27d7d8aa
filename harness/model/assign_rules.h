// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// bpf_sk_assign in a sk_lookup program: bpf_sk_lookup_assign in net/core/filter.c.
#pragma once

#include <vector>

#include "harness/model/rules.h"

namespace sklab {

// Whether the kernel treats an IPv6 socket as one for IPv6 packets only. Binding to an address that
// is neither the wildcard nor v4-mapped makes it one (__inet6_bind).
bool is_v6_only(const SocketSpec &socket);

// Whether packets of this family can reach the socket without the hook.
bool receives(const SocketSpec &socket, Family family);

// The checks, each 0 or a negative errno. All but the first and the last are about the socket and
// let a NULL socket through.
int check_flags(const AssignCall &call);
int check_state(const AssignCall &call);
int check_protocol(const AssignCall &call);
int check_family(const AssignCall &call);
int check_selected(const AssignCall &call);

Selection select_assigned(const AssignOperation &assign, const Selection &before);
Selection keep_selection(const AssignOperation &assign, const Selection &before);

// What the call returns: the first error, in the order of the rules.
int check_assign(const Rules &rules, const AssignCall &call);

}  // namespace sklab
