// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Where the packets of a flood ended. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "harness/base/result.h"
#include "harness/kernel/network_counters.h"
#include "harness/model/scenario.h"

namespace sklab {

// How many packets ended where: "socket server", or the kernel's name of a counter, "UdpNoPorts".
using PacketEnds = std::map<std::string, uint64_t>;

// An end of its own for each socket.
std::string end_at_socket(const std::string &name);

// Where a packet ends that no socket is found for, and one whose checksum is wrong.
std::string end_without_socket(Protocol protocol, Family family);
std::string end_by_checksum(Protocol protocol, Family family);

inline constexpr char kEndByHopLimit[] = "TcpExtTCPMinTTLDrop";
inline constexpr char kEndByReset[] = "reset sent";

// Of the counters at which a packet of this protocol and family can end: by how much they grew.
PacketEnds ends_by_counters(Protocol protocol, Family family, const NetworkCounters &before,
                            const NetworkCounters &after);

// By how much the count of packets that reached the IP layer grew.
uint64_t arrivals(Family family, const NetworkCounters &before, const NetworkCounters &after);

// Errors: kMismatch, with all ends, unless `packets` ended and all of them at `expected`.
Result<> check_ends(const PacketEnds &ends, const std::string &expected, uint64_t packets);

}  // namespace sklab
