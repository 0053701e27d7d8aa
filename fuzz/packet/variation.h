// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "fuzz/packet/packet_records.h"
#include "fuzz/target/random.h"

namespace sklab {

// A packet takes a fraction of a millisecond, another population several. So an input stands for
// itself and many that differ from it in what programs do and where one packet goes: with the same
// sockets, dialect, and number of programs. The scenario stays valid.
PacketInput vary_packets(const PacketInput &input, FuzzRandom &random);

}  // namespace sklab
