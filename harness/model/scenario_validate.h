// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

// What is wrong with a scenario, and with which part of it, so that the parser can say where that
// part stands.
struct Contradiction {
  enum class Part : uint8_t { kSocket, kProgram, kReuseport, kPacket };
  Part part = Part::kPacket;
  size_t index = 0;  // among the parts of its kind
  std::string what;  // "socket 'a'"
  std::string why;   // "its port is 0"
};

// The first contradiction, none in a valid scenario.
std::optional<Contradiction> find_contradiction(const Scenario &scenario);

// The same for sockets that are opened as they stand, so that the kernel has to bind each, and
// packets that each arrive there.
std::optional<Contradiction> find_contradiction(const std::vector<SocketSpec> &sockets,
                                                std::span<const Packet> packets);

}  // namespace sklab
