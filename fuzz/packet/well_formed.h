// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "fuzz/packet/packet_spec.h"

namespace sklab {

// Whether the packet is in order as it is described, and all of it arrives. The rules of reception
// (reception.h) do not need that: they read a frame's bytes. What is here is a second opinion, for
// their test.
bool is_well_formed(const PacketSpec &spec);

}  // namespace sklab
