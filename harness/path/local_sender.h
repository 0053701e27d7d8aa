// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Senders in the netns that looks the packet up: over loopback, with sockets of their own. Only
// these see by which errno a lookup that failed is reported.
#pragma once

#include <chrono>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/model/scenario.h"

namespace sklab {

// A socket in the calling thread's netns. `number` is the protocol of socket(2), which may be
// another than the usual one: UDP-Lite.
// Errors: kUnavailable for a protocol that the kernel does not have.
Result<UniqueFd> open_local_socket(Protocol protocol, const Endpoint &local, int number = 0);

// Sends the packet from a socket in the calling thread's netns that is bound to its source and
// connected: a datagram of one byte, or a connection's SYN. Returns what that socket is told, 0 for
// no error: the errno of connect() for TCP, of recv() for UDP. Without an error a UDP sender is
// told nothing, and 0 takes all the patience.
Result<int> send_locally(const Packet &packet,
                         std::chrono::milliseconds patience = std::chrono::seconds(2));

}  // namespace sklab
