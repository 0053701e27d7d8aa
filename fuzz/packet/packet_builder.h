// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "fuzz/packet/fragment_queue.h"
#include "fuzz/packet/ip_packet.h"
#include "fuzz/packet/packet_spec.h"

namespace sklab {

// The packet's frames, in the order in which they are sent. `number` is another for each packet: it
// makes the fragments' identification and the payload, so that nothing is taken for a part of what
// came before.
std::vector<Frame> build_frames(const PacketSpec &spec, uint32_t number);

// What all fragments of a packet have in common.
struct FragmentedPacket {
  IpAddress source;
  IpAddress destination;
  uint32_t identification = 0;
  uint8_t protocol = 0;
};
Frame build_fragment(const FragmentedPacket &packet, const FragmentQueue::Fragment &fragment);

}  // namespace sklab
