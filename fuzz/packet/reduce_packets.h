// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>

#include "fuzz/packet/packet_records.h"

namespace sklab {

// The smallest input found for which `fails` still holds, as it does for `input`: first packets are
// left out, then what is special in them, then parts of the scenario. `fails` is asked about valid
// inputs only.
PacketInput reduce_packets(PacketInput input,
                           const std::function<bool(const PacketInput &)> &fails);

}  // namespace sklab
