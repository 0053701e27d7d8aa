// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>

#include "fuzz/packet/reception.h"

namespace sklab {

// What a whole IP packet carries.
struct Transport {
  IpAddress source;
  IpAddress destination;
  uint8_t protocol = 0;
  std::span<const uint8_t> bytes;
};

// tcp_v4_rcv, __udp4_lib_rcv, icmp_rcv and their IPv6 counterparts, until they look up a socket.
Reception receive_transport(const Transport &transport);

}  // namespace sklab
