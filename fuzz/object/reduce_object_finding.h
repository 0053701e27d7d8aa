// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "fuzz/object/object_check.h"
#include "fuzz/object/object_fuzz.h"
#include "fuzz/object/object_packets.h"

namespace sklab {

// Makes of a violation in a batch the finding of one packet, as near to what the scenario has as
// still shows it. Of a batch whose halves both show nothing by themselves, all packets stay.
Result<ObjectFinding> reduce_object_finding(ObjectLab &lab, const ObjectPackets &near,
                                            std::vector<ObjectPacket> packets,
                                            const ObjectViolation &violation);

}  // namespace sklab
