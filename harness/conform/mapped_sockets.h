// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Sockets of every kind that a SOCKMAP or SOCKHASH takes or refuses, and what may become of them
// while they are in one.
#pragma once

#include <cstdint>
#include <span>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// The socket that a case is about, and others that must stay open as long.
struct Sockets {
  UniqueFd one;
  UniqueFd peer;
};

struct SocketKindCase {
  const char *name;
  Result<Sockets> (*open)();
  int put_error;  // of the maps, 0 when they take the socket
  // Of the packets that it can be assigned to, over IPv4; 0 when there are none.
  uint32_t protocol;
  // The maps took it later than the others: why a kernel refuses it that is not wrong.
  const char *may_refuse = nullptr;
};

// What becomes of a socket after it was put into a map.
struct SocketChange {
  const char *name;
  Result<Sockets> (*open)();
  int (*make)(Sockets &sockets);
  uint32_t protocol;  // as above, afterwards
  bool leaves;        // the map: nothing is found there
};

std::span<const SocketKindCase> socket_kinds();
std::span<const SocketChange> socket_changes();

}  // namespace sklab
