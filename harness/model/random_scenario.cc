// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/random_scenario.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "harness/model/assign_rules.h"
#include "harness/model/bind_rules.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

constexpr size_t kMostSockets = 8;
constexpr size_t kMostPrograms = 8;
constexpr size_t kMostAssigns = 4;

constexpr IpAddress any(Family family) { return {family, {}}; }

class Generator {
  // The bias of the remainder does not matter, that it is the same everywhere does.
  size_t below(size_t limit) { return random_() % limit; }
  bool one_in(size_t count) { return below(count) == 0; }
  template <typename Container>
  auto pick(const Container &container) {
    return container[below(container.size())];
  }

 public:
  explicit Generator(std::mt19937_64 &random) : random_(random) {}

  Scenario scenario() {
    Scenario scenario;
    // The kernel's own dialect half of the time.
    scenario.dialect = one_in(2) ? Dialect::kPassDrop : pick(kDialects);
    if (scenario.dialect != Dialect::kPassDrop && one_in(3)) scenario.codes = codes();
    protocol_ = one_in(2) ? Protocol::kTcp : Protocol::kUdp;
    const size_t sockets = below(kMostSockets + 1);
    for (size_t i = 0; i < sockets; ++i) add_socket(scenario);
    add_reuseport_programs(scenario);
    // Half of the lookups meet few programs, so that the hashtable decides as well.
    randomize_lookup(scenario, below(one_in(2) ? 3 : kMostPrograms + 1));
    return scenario;
  }

  void randomize_lookup(Scenario &scenario, size_t programs) {
    scenario.packet = packet(scenario.sockets);
    const size_t drops_one_in = one_in(2) ? 2 : 20;
    scenario.programs.resize(programs);
    for (ScriptedProgram &program : scenario.programs) randomize(program, scenario, drops_one_in);
  }

 private:
  // Any three different ones.
  ReturnCodes codes() {
    ReturnCodes codes;
    codes.drop = static_cast<uint32_t>(below(4));
    codes.ok = codes.drop + 1 + static_cast<uint32_t>(below(4));
    codes.redirect = codes.ok + 1 + static_cast<uint32_t>(below(40));
    return codes;
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
    const bool may_share = !is_established(candidate);
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

  uint32_t return_code(const Scenario &scenario, size_t drops_one_in) {
    Action action = one_in(drops_one_in) ? Action::kDrop : Action::kPass;
    if (scenario.dialect == Dialect::kRedirect) {
      if (one_in(16)) return static_cast<uint32_t>(random_());  // any code is allowed
      if (one_in(2)) action = Action::kRedirect;
    }
    return *code_of(scenario.dialect, scenario.codes, action);
  }

  void randomize(ScriptedProgram &program, const Scenario &scenario, size_t drops_one_in) {
    const size_t sockets = scenario.sockets.size();
    program.assigns.resize(one_in(3) ? 0 : below(kMostAssigns + 1));
    for (AssignOperation &assign : program.assigns) {
      assign = {};
      if (sockets > 0 && !one_in(5)) assign.socket = below(sockets);
      assign.flags = flags();
    }
    program.return_code = return_code(scenario, drops_one_in);
  }

  // A third of the groups have a program.
  void add_reuseport_programs(Scenario &scenario) {
    std::set<unsigned> seen;
    for (const SocketSpec &member : scenario.sockets) {
      if (!member.reuseport_group || !seen.insert(*member.reuseport_group).second) continue;
      if (!one_in(3)) continue;
      ReuseportProgram program{*member.reuseport_group, ReuseportProgram::Action::kPass, 0};
      const size_t socket = below(scenario.sockets.size());
      if (!scenario.sockets[socket].peer && !one_in(3)) {
        program.action = ReuseportProgram::Action::kSelect;
        program.socket = socket;
      } else if (one_in(2)) {
        program.action = ReuseportProgram::Action::kDrop;
      }
      scenario.reuseport_programs.push_back(program);
    }
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

void randomize_lookup(Scenario &scenario, size_t programs, std::mt19937_64 &random) {
  Generator(random).randomize_lookup(scenario, programs);
}

}  // namespace sklab
