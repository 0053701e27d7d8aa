// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/lookup_tuple.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

namespace sklab {

void write_tuple(const Packet &packet, std::span<uint8_t, 36> tuple) {
  const size_t address_size = packet.source.address.family == Family::kIpv4 ? 4 : 16;
  const std::array<uint16_t, 2> ports = {htons(packet.source.port), htons(packet.destination.port)};
  std::memset(tuple.data(), 0, tuple.size());
  std::memcpy(tuple.data(), packet.source.address.bytes.data(), address_size);
  std::memcpy(tuple.data() + address_size, packet.destination.address.bytes.data(), address_size);
  std::memcpy(tuple.data() + 2 * address_size, ports.data(), sizeof(ports));
}

}  // namespace sklab
