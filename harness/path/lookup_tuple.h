// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <span>

#include "harness/model/scenario.h"

namespace sklab {

// Writes a struct bpf_sock_tuple: addresses and ports in network order, 12 bytes for IPv4 and 36
// for IPv6; the rest is 0.
void write_tuple(const Packet &packet, std::span<uint8_t, 36> tuple);

}  // namespace sklab
