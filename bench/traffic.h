// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "bench/population.h"
#include "harness/path/probe.h"

namespace sklab {

// Whom a row's packets are addressed to.
enum class Traffic : uint8_t {
  kServer,      // the listener
  kClosedPort,  // nobody
  kGroup,       // the reuseport group
  kConnected,   // the connected or established socket, from its peer
  kIpRange,     // 256 addresses, the server's port
  kPortRange,   // the server's address, 256 ports
  kMember,      // the first of the members
  kMembers,     // members chosen at random
  kRange,       // one endpoint of the 256 addresses times 256 ports
  kRanges,      // such endpoints chosen at random
  kObject,      // the packets of an object scenario that are of the group's kind
};

// Requires: not Traffic::kObject (object_lanes.h).
// Distinct packets in random order; their number is a power of two: 1, 256 or 8192, but no more
// than there are members.
std::vector<Packet> make_packets(Traffic traffic, const FamilyCase &family,
                                 const Population &population, uint64_t seed);

// The packets of all traffic to a service that is one packet again and again.
std::vector<Packet> single_packets(const FamilyCase &family, const Population &population);

// What the model says about a row: the right answer to each packet, and how often each attached
// program runs when every packet is looked up once.
struct Expectation {
  std::vector<LookupTarget> targets;
  std::vector<uint64_t> program_runs;
};

// Errors: kMismatch when the right answers to a packet are not neighbours in the population, which
// the probe's range of marks could not express.
Result<Expectation> expect(const Population &population,
                           const std::vector<ScriptedProgram> &scripts,
                           const std::vector<Packet> &packets);

}  // namespace sklab
