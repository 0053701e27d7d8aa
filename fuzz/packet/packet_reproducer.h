// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "fuzz/packet/packet_lab.h"

namespace sklab {

// A stand-alone C program (fuzz/target/c_source.h) that builds the scenario with a wire into its
// network namespace, sends the finding's frames, and exits 1 if what came of the last one is none
// of what is expected. `about` stands in the comment at its head. The observation does not count.
std::string packet_reproducer(const std::string &about, const PacketFinding &finding);

}  // namespace sklab
