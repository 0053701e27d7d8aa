// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "fuzz/packet/ip_packet.h"
#include "fuzz/packet/packet_spec.h"

namespace sklab {

// Options of one kind, padded to whole words.
Frame options_of(const PacketSpec &spec, HeaderPart::Kind kind);

// What IP carries, of protocol `protocol`, with its checksum, which does not depend on IP's options
// and headers. `number` is as in build_frames().
Frame ip_payload(const PacketSpec &spec, uint32_t number, uint8_t &protocol);

}  // namespace sklab
