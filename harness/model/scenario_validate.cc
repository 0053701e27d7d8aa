// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/scenario_validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/model/bind_rules.h"
#include "harness/model/link_rules.h"
#include "harness/model/scenario_grammar.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// Why a part cannot be used; empty when it can.
using Reason = std::string;

bool is_name(const std::string &name) { return is_identifier(name) && name != "null"; }

// An IPv4 address with something in the bytes that it does not use would not compare equal to
// itself in text.
bool is_clean(const IpAddress &address) {
  return address.family == Family::kIpv6 ||
         std::all_of(address.bytes.begin() + 4, address.bytes.end(),
                     [](uint8_t byte) { return byte == 0; });
}

Reason check_peer(const SocketSpec &socket) {
  const IpAddress &local = socket.local.address;
  const IpAddress &peer = socket.peer->address;
  if (peer.family != socket.family || !is_clean(peer)) {
    return "its peer's address is of another family";
  }
  if (local.from_v4_mapped().is_wildcard() || peer.from_v4_mapped().is_wildcard()) {
    return "a connected socket has no wildcard addresses";
  }
  if (local.is_v4_mapped() != peer.is_v4_mapped()) {
    return "one of its addresses is v4-mapped, the other is not";
  }
  if (socket.peer->port == 0) return "its peer has port 0";
  if (socket.protocol == Protocol::kTcp && socket.reuseport_group) {
    return "an established TCP socket is in no reuseport group";
  }
  return {};
}

Reason check_socket(const SocketSpec &socket) {
  if (!is_name(socket.name)) return "a name is letters, digits and '_'";
  if (socket.local.address.family != socket.family || !is_clean(socket.local.address)) {
    return "its local address is of another family";
  }
  if (socket.local.port == 0) return "its port is 0";
  if (socket.v6_only && socket.family == Family::kIpv4) return "IPv4 and v6only";
  if (socket.v6_only && socket.local.address.is_v4_mapped())
    return "v6only and a v4-mapped address";
  return socket.peer ? check_peer(socket) : Reason{};
}

// A packet to such an address is one of a link, and a socket for it has to be bound to the link's
// interface: bind() and connect() say EINVAL (__ipv6_addr_needs_scope_id).
bool belongs_to_a_link(const IpAddress &address) {
  if (address.family != Family::kIpv6) return false;
  if (address.bytes[0] == 0xfe) return (address.bytes[1] & 0xc0U) == 0x80;
  const unsigned scope = address.bytes[1] & 0x0fU;
  constexpr unsigned kInterface = 1;
  constexpr unsigned kLink = 2;
  return address.bytes[0] == 0xff && (scope == kInterface || scope == kLink);
}

// Sockets are bound to no interface, and TCP ones to no group of receivers.
Reason check_can_be_bound(const SocketSpec &socket) {
  for (const auto &endpoint : {std::optional(socket.local), socket.peer}) {
    if (!endpoint || endpoint->address.family != Family::kIpv6) continue;
    if (belongs_to_a_link(endpoint->address)) {
      return "a link-local address needs an interface, which cannot be said";
    }
    if (socket.protocol == Protocol::kTcp && endpoint->address.bytes[0] == 0xff) {
      return "TCP and a multicast address";
    }
  }
  return {};
}

// Checks each socket against all before it.
class NamedSockets {
 public:
  Reason add(const SocketSpec &socket) {
    if (!names_.insert(socket.name).second) return "the name is taken";
    if (const auto tuple = four_tuple(socket); tuple && !tuples_.insert(*tuple).second) {
      return "another socket is connected to the same peer";
    }
    for (const SocketSpec *other : sockets_) {
      if (conflict(*other, socket))
        return "the kernel would not bind it beside '" + other->name + "'";
    }
    sockets_.push_back(&socket);
    if (!socket.reuseport_group) return {};
    const ReuseportKey key = reuseport_key(socket);
    if (key_of_.emplace(*socket.reuseport_group, key).first->second != key) {
      return "its reuseport group is bound differently";
    }
    if (group_of_.emplace(key, *socket.reuseport_group).first->second != *socket.reuseport_group) {
      return "another reuseport group is bound alike: the kernel would make them one";
    }
    return {};
  }

  // The other side of an established connection is open too, but is no socket of the scenario.
  [[nodiscard]] bool goes_to_far_end(const Packet &packet) const {
    return packet.protocol == Protocol::kTcp &&
           tuples_.contains({packet.protocol, packet.source, packet.destination}) &&
           !tuples_.contains({packet.protocol, packet.destination, packet.source});
  }

 private:
  std::vector<const SocketSpec *> sockets_;
  std::set<std::string> names_;
  std::set<FourTuple> tuples_;
  std::map<unsigned, ReuseportKey> key_of_;
  std::map<ReuseportKey, unsigned> group_of_;
};

Reason check_program(const ScriptedProgram &program, const Scenario &scenario) {
  // The merged verifier, and the text of the reply, have no other codes.
  if (!action_of(scenario.dialect, scenario.codes, program.return_code)) {
    return "its return code is not pass or drop";
  }
  const auto exists = [&](const AssignOperation &assign) {
    return !assign.socket || *assign.socket < scenario.sockets.size();
  };
  if (std::all_of(program.assigns.begin(), program.assigns.end(), exists)) return {};
  return "it assigns a socket that does not exist";
}

Reason check_reuseport(const Scenario &scenario, size_t index) {
  const ReuseportProgram &program = scenario.reuseport_programs[index];
  for (size_t i = 0; i < index; ++i) {
    if (scenario.reuseport_programs[i].group == program.group) return "its group has another";
  }
  const auto is_member = [&](const SocketSpec &socket) {
    return socket.reuseport_group == program.group;
  };
  if (std::none_of(scenario.sockets.begin(), scenario.sockets.end(), is_member)) {
    return "its group has no member";
  }
  if (program.action != ReuseportProgram::Action::kSelect) return {};
  if (program.socket >= scenario.sockets.size()) return "it selects a socket that does not exist";
  // Since Linux 6.13 connect() takes a UDP socket out of its group.
  if (scenario.sockets[program.socket].peer) return "it selects a connected socket";
  return {};
}

Reason check_packet(const Packet &packet, const NamedSockets &population) {
  const IpAddress &source = packet.source.address;
  const IpAddress &destination = packet.destination.address;
  if (source.family != destination.family) return "it mixes families";
  if (!is_clean(source) || !is_clean(destination)) return "its addresses are of another family";
  if (source.is_v4_mapped() || destination.is_v4_mapped()) {
    return "it is IPv4 and has to be written so";
  }
  if (destination.is_wildcard()) return "it goes to the wildcard address";
  if (population.goes_to_far_end(packet)) return "it goes to the peer of an established socket";
  return {};
}

Contradiction socket_contradiction(const std::vector<SocketSpec> &sockets, size_t index,
                                   const Reason &why) {
  return {Contradiction::Part::kSocket, index, "socket '" + sockets[index].name + "'", why};
}

// Adds the sockets to the population.
std::optional<Contradiction> check_sockets(const std::vector<SocketSpec> &sockets,
                                           NamedSockets &population) {
  for (size_t i = 0; i < sockets.size(); ++i) {
    Reason why = check_socket(sockets[i]);
    if (why.empty()) why = population.add(sockets[i]);
    if (!why.empty()) return socket_contradiction(sockets, i, why);
  }
  return std::nullopt;
}

std::optional<Contradiction> check_packets(std::span<const Packet> packets,
                                           const NamedSockets &population) {
  for (size_t i = 0; i < packets.size(); ++i) {
    Reason why = check_packet(packets[i], population);
    if (!why.empty()) return Contradiction{Contradiction::Part::kPacket, i, "the packet", why};
  }
  return std::nullopt;
}

std::optional<Contradiction> check_programs(const Scenario &scenario) {
  for (size_t i = 0; i < scenario.programs.size(); ++i) {
    Reason why = i < kMaxLinks ? check_program(scenario.programs[i], scenario)
                               : fmt::format("more than {} programs", kMaxLinks);
    if (why.empty()) continue;
    return Contradiction{Contradiction::Part::kProgram, i, fmt::format("program {}", i), why};
  }
  for (size_t i = 0; i < scenario.reuseport_programs.size(); ++i) {
    Reason why = check_reuseport(scenario, i);
    if (why.empty()) continue;
    return Contradiction{Contradiction::Part::kReuseport, i, fmt::format("reuseport program {}", i),
                         why};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Contradiction> find_contradiction(const Scenario &scenario) {
  NamedSockets population;
  if (auto wrong = check_sockets(scenario.sockets, population)) return wrong;
  if (auto wrong = check_programs(scenario)) return wrong;
  return check_packets({&scenario.packet, 1}, population);
}

std::optional<Contradiction> find_contradiction(const std::vector<SocketSpec> &sockets,
                                                std::span<const Packet> packets) {
  for (size_t i = 0; i < sockets.size(); ++i) {
    const Reason why = check_can_be_bound(sockets[i]);
    if (!why.empty()) return socket_contradiction(sockets, i, why);
  }
  NamedSockets population;
  if (auto wrong = check_sockets(sockets, population)) return wrong;
  return check_packets(packets, population);
}

Result<> validate_scenario(const Scenario &scenario) {
  const auto wrong = find_contradiction(scenario);
  if (!wrong) return Ok{};
  return fail_as(ErrorKind::kUsage, "use", wrong->what, 0, wrong->why);
}

}  // namespace sklab
