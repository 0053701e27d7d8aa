// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/random_scenario.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/model/assign_rules.h"
#include "harness/model/bind_rules.h"

namespace sklab {
namespace {

constexpr size_t kMaxSockets = 8;
constexpr size_t kMaxPrograms = 8;
constexpr size_t kMaxAssigns = 4;

constexpr IpAddress ipv4(uint8_t last) { return {Family::kIpv4, {127, 0, 0, last}}; }
constexpr IpAddress ipv6(uint8_t last) {
  return {Family::kIpv6, {0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}};
}
constexpr IpAddress any(Family family) { return {family, {}}; }

constexpr std::array kServers4 = {ipv4(1), ipv4(2)};
constexpr std::array kServers6 = {
    ipv6(1), ipv6(2), IpAddress{Family::kIpv6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}};
constexpr std::array kClients4 = {ipv4(9), ipv4(10)};
constexpr std::array kClients6 = {ipv6(3), ipv6(2)};
constexpr std::array<uint16_t, 2> kServerPorts = {7007, 8008};
constexpr std::array<uint16_t, 2> kClientPorts = {40000, 40001};

class Generator {
 public:
  explicit Generator(std::mt19937_64 &random) : random_(random) {}

  Scenario scenario() {
    Scenario scenario;
    protocol_ = one_in(2) ? Protocol::kTcp : Protocol::kUdp;
    const size_t sockets = below(kMaxSockets + 1);
    for (size_t i = 0; i < sockets; ++i) add_socket(scenario);
    scenario.packet = packet(scenario.sockets);
    // Half of the lookups meet few programs, so that the hashtable decides as well.
    const size_t programs = below(one_in(2) ? 3 : kMaxPrograms + 1);
    const size_t drops_one_in = one_in(2) ? 2 : 20;
    for (size_t i = 0; i < programs; ++i) {
      scenario.programs.push_back(program(scenario.sockets.size(), drops_one_in));
    }
    return scenario;
  }

 private:
  // The bias of the remainder does not matter, that it is the same everywhere does.
  size_t below(size_t limit) { return random_() % limit; }
  bool one_in(size_t count) { return below(count) == 0; }
  template <typename Container>
  auto pick(const Container &container) {
    return container[below(container.size())];
  }

  Family family() { return one_in(2) ? Family::kIpv4 : Family::kIpv6; }
  Protocol protocol() {
    if (!one_in(6)) return protocol_;
    return protocol_ == Protocol::kTcp ? Protocol::kUdp : Protocol::kTcp;
  }
  uint16_t server_port() { return one_in(4) ? kServerPorts[1] : kServerPorts[0]; }
  IpAddress server(Family family) {
    return family == Family::kIpv4 ? pick(kServers4) : pick(kServers6);
  }
  Endpoint client(Family family) {
    const IpAddress address = family == Family::kIpv4 ? pick(kClients4) : pick(kClients6);
    return {address, pick(kClientPorts)};
  }

  // An address for a socket of this family: the wildcard, v4-mapped, or specific.
  IpAddress local_address(Family family) {
    const bool wildcard = one_in(3);
    if (family == Family::kIpv4) return wildcard ? any(family) : server(family);
    if (one_in(3)) {
      return (one_in(6) ? any(Family::kIpv4) : server(Family::kIpv4)).to_v4_mapped();
    }
    return wildcard ? any(family) : server(family);
  }

  SocketSpec socket() {
    SocketSpec socket;
    socket.protocol = protocol();
    socket.family = family();
    socket.local = {local_address(socket.family), server_port()};
    const IpAddress address = socket.local.address.from_v4_mapped();
    const bool mapped = address.family != socket.family;
    if (socket.family == Family::kIpv6 && !mapped) socket.v6_only = one_in(3);
    if (!address.is_wildcard() && one_in(3)) {
      socket.peer = client(address.family);
      if (mapped) socket.peer->address = socket.peer->address.to_v4_mapped();
    }
    return socket;
  }

  // Leaves the population as it is when the new socket cannot be open beside the others.
  void add_socket(Scenario &scenario) {
    const size_t index = scenario.sockets.size();
    const bool joins = index > 0 && one_in(3);
    SocketSpec candidate = joins ? group_member(pick(scenario.sockets)) : socket();
    candidate.name = "s" + std::to_string(index);
    const bool may_share = !(candidate.protocol == Protocol::kTcp && candidate.peer);
    if (!joins && may_share && !one_in(4)) candidate.reuseport_group = group(scenario, candidate);
    const bool fits =
        std::all_of(scenario.sockets.begin(), scenario.sockets.end(),
                    [&](const SocketSpec &other) { return can_coexist(candidate, other); });
    if (fits) scenario.sockets.push_back(std::move(candidate));
  }

  SocketSpec group_member(SocketSpec member) {
    // Half of the members of a group that has connected ones stay connected, to another peer.
    if (member.peer && one_in(2))
      member.peer->port = pick(kClientPorts);
    else
      member.peer.reset();
    return member;
  }

  // The group that the kernel would put the socket into, or a new one.
  static unsigned group(const Scenario &scenario, const SocketSpec &socket) {
    for (const SocketSpec &other : scenario.sockets) {
      if (other.reuseport_group && reuseport_key(socket) == reuseport_key(other)) {
        return *other.reuseport_group;
      }
    }
    return static_cast<unsigned>(scenario.sockets.size());
  }

  uint64_t flags() {
    if (one_in(16)) return random_();
    return one_in(8) ? below(16) : below(4);
  }

  ScriptedProgram program(size_t sockets, size_t drops_one_in) {
    ScriptedProgram program;
    const size_t assigns = one_in(3) ? 0 : below(kMaxAssigns + 1);
    for (size_t i = 0; i < assigns; ++i) {
      AssignOperation assign;
      if (sockets > 0 && !one_in(5)) assign.socket = below(sockets);
      assign.flags = flags();
      program.assigns.push_back(assign);
    }
    program.return_code = one_in(drops_one_in) ? kSkDrop : kSkPass;
    return program;
  }

  // To one of the sockets, mostly.
  Packet packet(const std::vector<SocketSpec> &sockets) {
    Packet packet;
    packet.protocol = protocol();
    if (sockets.empty() || one_in(6)) {
      const Family packet_family = family();
      packet.source = client(packet_family);
      packet.destination = {server(packet_family), server_port()};
      return packet;
    }
    const SocketSpec &target = pick(sockets);
    packet.protocol = target.protocol;
    IpAddress address = target.local.address.from_v4_mapped();
    if (address.is_wildcard()) {
      const bool dual = receives(target, Family::kIpv4) && receives(target, Family::kIpv6);
      address = server(dual ? family() : address.family);
    }
    packet.destination = {address, target.local.port};
    packet.source = client(address.family);
    if (target.peer && !one_in(3)) {
      packet.source = {target.peer->address.from_v4_mapped(), target.peer->port};
    }
    return packet;
  }

  std::mt19937_64 &random_;
  Protocol protocol_ = Protocol::kUdp;  // of most sockets
};

}  // namespace

Scenario random_scenario(std::mt19937_64 &random) { return Generator(random).scenario(); }

}  // namespace sklab
