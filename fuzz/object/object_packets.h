// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "fuzz/target/random.h"
#include "harness/model/object_scenario.h"

namespace sklab {

// Makes packets up for a user's program, near what its scenario has: the addresses and ports of
// sockets, packets and map entries, those beside them, and a few of any others. A program's
// prefixes end at some bit, so one bit of an address is changed, or all bits after one. The same
// seed gives the same packets with every compiler.
class ObjectPackets {
 public:
  ObjectPackets(const ObjectScenario &scenario, uint64_t seed);

  // One that an object scenario can have.
  Packet next();

  // What is near, in the order in which the scenario has it: the simplest for a person to read.
  [[nodiscard]] const std::vector<IpAddress> &addresses(Family family) const {
    return family == Family::kIpv4 ? addresses4_ : addresses6_;
  }
  [[nodiscard]] const std::vector<uint16_t> &ports() const { return ports_; }

  // Whether an object scenario with these sockets can have the packet.
  [[nodiscard]] bool is_possible(const Packet &packet) const;

 private:
  void add(const Endpoint &endpoint);
  void add(const Scalar &scalar);
  void change_address(IpAddress &address);
  Packet make_packet();
  Packet change_packet();
  IpAddress make_address(Family family);
  uint16_t make_port();

  std::vector<Packet> packets_;  // the scenario's
  std::vector<SocketSpec> established_;
  std::vector<IpAddress> addresses4_;
  std::vector<IpAddress> addresses6_;
  std::vector<uint16_t> ports_;
  FuzzRandom random_;
};

}  // namespace sklab
