// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/race/race_call.h"
#include "fuzz/race/race_slots.h"
#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/model/scenario.h"

namespace sklab {

// The sockets of races, in the netns of the calling thread. A socket carries its slot's mark.
class RaceSockets {
 public:
  // Opens those that are not there, or `all` anew.
  Result<> begin(bool all);

  // Each 0 or a negative errno.
  int reopen(size_t socket);
  [[nodiscard]] int connect(size_t socket) const;
  [[nodiscard]] int disconnect(size_t socket) const;
  [[nodiscard]] int listen(size_t socket) const;
  // Closes what it accepts.
  [[nodiscard]] int accept(size_t socket) const;
  // A datagram, or a connection that is closed as soon as its SYN is on its way, from a socket of
  // its own.
  [[nodiscard]] static int send(size_t socket);

  // Borrowed; -1 for none.
  [[nodiscard]] int fd(size_t socket) const { return slots_.get(socket); }

  // What a lookup from this port looks for, which is at the socket's address.
  static Packet packet_to(size_t socket, uint16_t port);
  static uint32_t mark_of(size_t socket) { return static_cast<uint32_t>(socket) + 1; }

 private:
  RaceSlots<kRaceSockets> slots_;
};

}  // namespace sklab
