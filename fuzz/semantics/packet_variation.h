// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <span>

#include "fuzz/target/random.h"
#include "harness/model/scenario.h"

namespace sklab {

// To one of the sockets, often, or near one: another port, another source. What comes from the far
// end of a connection may be among it, what goes there is not: that is no socket of the scenario.
Packet random_packet(std::span<const SocketSpec> sockets, FuzzRandom &random);

// The same with something changed, half of the time one of its ports.
Packet vary_packet(const Packet &packet, std::span<const SocketSpec> sockets, FuzzRandom &random);

// The same to or from another port.
Packet with_other_port(const Packet &packet, FuzzRandom &random);

}  // namespace sklab
