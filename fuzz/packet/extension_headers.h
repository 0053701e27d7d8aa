// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fuzz/packet/ip_packet.h"
#include "fuzz/packet/packet_spec.h"

namespace sklab {

// What stands before the fragment header, if there is one, or after it.
struct ExtensionHeader {
  uint8_t number;
  Frame bytes;  // the first says what follows, and is filled in later
};

// Those of the packet, in their order. `identification` is that of a fragment header among them.
std::vector<ExtensionHeader> extension_headers(const PacketSpec &spec, uint32_t identification);

// The offset is a multiple of 8 bytes.
ExtensionHeader fragment_header(uint32_t offset_and_more, uint32_t identification);

// The headers in front of `body`, which is of protocol `protocol`; that of the first of all is
// left in it.
Frame chain(const std::vector<ExtensionHeader> &headers, uint8_t &protocol,
            std::span<const uint8_t> body);

}  // namespace sklab
