// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

// A kind of packet, and of the sockets that it meets.
struct PacketKindSpec {
  const char *name;
  const char *packet;          // of the scenario's text
  const char *socket;          // kind of the sockets that it can go to
  const char *server;          // their address
  const char *wrong_protocol;  // kind of a socket of the other protocol
  const char *wrong_family;    // a socket of the other family, after its name
};

// IPv4 and IPv6, UDP and TCP, and IPv4 packets for dual-stack sockets.
inline constexpr std::array<PacketKindSpec, 6> kPacketKinds = {{
    {"udp4", "udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "udp4", "127.0.0.1", "tcp4 127.0.0.1",
     "udp6 [fd00::1]"},
    {"tcp4", "tcp4 127.0.0.9:4000 -> 127.0.0.1:7000", "tcp4", "127.0.0.1", "udp4 127.0.0.1",
     "tcp6 [fd00::1]"},
    {"udp6", "udp6 [fd00::3]:4000 -> [fd00::1]:7000", "udp6", "[fd00::1]", "tcp6 [fd00::1]",
     "udp4 127.0.0.1"},
    {"tcp6", "tcp6 [fd00::3]:4000 -> [fd00::1]:7000", "tcp6", "[fd00::1]", "udp6 [fd00::1]",
     "tcp4 127.0.0.1"},
    {"udp4 to udp6", "udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "udp6", "[::ffff:127.0.0.1]",
     "tcp4 127.0.0.1", "udp6 [fd00::1]"},
    {"tcp4 to tcp6", "tcp4 127.0.0.9:4000 -> 127.0.0.1:7000", "tcp6", "[::]", "udp4 127.0.0.1",
     "tcp6 [fd00::1]"},
}};

// A population in which every assign can succeed or fail: `server`, whom the packet is for; `a`,
// `b`, and the groups `g`, `h` and `i`, `j` to steer to; `protocol`, `family` and `connected`,
// which cannot be assigned; and the packet. No programs.
Scenario population_for(const PacketKindSpec &kind, Dialect dialect);

// Programs that differ in what they do to the selection, in the dialect's own codes.
std::vector<ScriptedProgram> program_alphabet(const PacketKindSpec &kind, Dialect dialect);

}  // namespace sklab
