// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "bench/family_case.h"
#include "harness/base/result.h"

namespace sklab {

// What nft reads: what is addressed to the family's range goes to the socket at `server`.
std::string tproxy_rules(const FamilyCase &family, const Endpoint &server);

// The program that add_tproxy_rule() starts. Errors: kUnavailable if it is not installed.
Result<std::string> find_nft();

// Puts these rules into the calling thread's netns, by nft, which has to be installed; they go with
// the netns. To be called while there is one thread.
// Errors: kUnavailable without nft, or on a kernel without what the rules need.
Result<> add_tproxy_rule(const FamilyCase &family, const Endpoint &server);

// Without it no rule may give a socket packets of others' addresses (nf_tproxy_sk_is_transparent).
Result<> make_transparent(int socket_fd, Family family);

}  // namespace sklab
