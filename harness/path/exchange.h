// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A request, and all that follows it: a datagram and its answer, or a connection until it is
// accepted. Client and server are in two netns at the ends of an Uplink (Uplink::open_client) and
// take turns in one thread, so nobody is woken up: what it takes is the kernel's way, there and
// back.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/scenario.h"

namespace sklab {

// Where a request goes, and the socket that has to get it: borrowed, and without other traffic.
struct ExchangeTarget {
  Endpoint destination;
  int server_fd = -1;
};

class Exchange {
 public:
  virtual ~Exchange() = default;

  // What comes before a request and is not part of it.
  virtual Result<> prepare() = 0;
  // The request, until it is answered. Requires: prepare(), once for each.
  // Errors: kMismatch when it does not come to its server within a second.
  virtual Result<> perform() = 0;
  // What comes after it: checks that what came is what was sent, and closes connections.
  // Errors: kMismatch.
  virtual Result<> finish() = 0;
};

// Requests from `client`, an address of the client's netns, to the targets in turn: UDP from its
// port, TCP from ports that follow it. TCP servers are made non-blocking. The thread that calls
// this and uses the exchange must be in the client's netns. Requires: targets, all of one family
// and of `protocol`.
Result<std::unique_ptr<Exchange>> make_exchange(Protocol protocol, const Endpoint &client,
                                                const std::vector<ExchangeTarget> &targets);

// Takes away what waits at the sockets: datagrams, and connections that were not accepted. After an
// exchange that went wrong the next one would take it for its own.
void discard_requests(const SocketSet &servers, Protocol protocol);

}  // namespace sklab
