// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/random_scenario.h"

#include <array>
#include <string>

namespace sklab {
namespace {

constexpr size_t kMaxSockets = 6;
constexpr size_t kMaxPrograms = 8;
constexpr size_t kMaxAssigns = 4;

constexpr IpAddress ipv4(uint8_t last) { return {Family::kIpv4, {127, 0, 0, last}}; }
constexpr IpAddress ipv6(uint8_t last) {
  return {Family::kIpv6, {0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}};
}

constexpr std::array kServers4 = {ipv4(1), ipv4(2)};
constexpr std::array kServers6 = {ipv6(1), ipv6(2)};
constexpr IpAddress kClient4 = ipv4(9);
constexpr IpAddress kClient6 = ipv6(3);
constexpr std::array<uint16_t, 2> kPorts = {7007, 8008};
constexpr uint16_t kClientPort = 40000;

class Generator {
 public:
  explicit Generator(std::mt19937_64 &random) : random_(random) {}

  Scenario scenario() {
    Scenario scenario;
    const size_t sockets = below(kMaxSockets + 1);
    for (size_t i = 0; i < sockets; ++i) add_socket(scenario);
    const size_t programs = below(kMaxPrograms + 1);
    for (size_t i = 0; i < programs; ++i) {
      scenario.programs.push_back(program(scenario.sockets.size()));
    }
    scenario.packet = packet();
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
  Protocol protocol() { return one_in(2) ? Protocol::kTcp : Protocol::kUdp; }

  // An address for a socket of this family: specific, v4-mapped, or the wildcard.
  IpAddress local_address(Family family) {
    if (family == Family::kIpv4) return one_in(3) ? IpAddress{} : pick(kServers4);
    if (one_in(3)) return IpAddress{Family::kIpv6, {}};
    return one_in(2) ? pick(kServers4).to_v4_mapped() : pick(kServers6);
  }

  SocketSpec socket() {
    SocketSpec socket;
    socket.protocol = protocol();
    socket.family = family();
    socket.local = {local_address(socket.family), pick(kPorts)};
    const bool mapped = socket.local.address.is_v4_mapped();
    if (socket.family == Family::kIpv6 && !mapped) socket.v6_only = one_in(3);
    if (one_in(3) && !socket.local.address.is_wildcard()) {
      const bool v4 = socket.family == Family::kIpv4 || mapped;
      const IpAddress client = v4 ? kClient4 : kClient6;
      socket.peer = Endpoint{mapped ? client.to_v4_mapped() : client, kClientPort};
    }
    return socket;
  }

  // Leaves the population as it is when the new socket could not be bound beside the others.
  void add_socket(Scenario &scenario) {
    if (!scenario.sockets.empty() && one_in(3)) return add_group_member(scenario);
    SocketSpec candidate = socket();
    for (const SocketSpec &other : scenario.sockets) {
      if (other.protocol == candidate.protocol && other.local.port == candidate.local.port &&
          could_conflict(other, candidate)) {
        return;
      }
    }
    candidate.name = "s" + std::to_string(scenario.sockets.size());
    if (!(candidate.protocol == Protocol::kTcp && candidate.peer) && one_in(2)) {
      candidate.reuseport_group = static_cast<unsigned>(scenario.sockets.size());
    }
    scenario.sockets.push_back(std::move(candidate));
  }

  void add_group_member(Scenario &scenario) {
    SocketSpec member = pick(scenario.sockets);
    if (!member.reuseport_group) return;
    member.name = "s" + std::to_string(scenario.sockets.size());
    // A second socket connected to the same peer would make "the" connected one ambiguous.
    member.peer.reset();
    scenario.sockets.push_back(std::move(member));
  }

  // Stricter than the kernel: one wildcard or dual-stack socket has its port for itself.
  static bool could_conflict(const SocketSpec &a, const SocketSpec &b) {
    const IpAddress a_address = a.local.address.from_v4_mapped();
    const IpAddress b_address = b.local.address.from_v4_mapped();
    return a_address.is_wildcard() || b_address.is_wildcard() || a_address == b_address;
  }

  uint64_t flags() {
    if (one_in(16)) return random_();
    return one_in(8) ? below(16) : below(4);
  }

  ScriptedProgram program(size_t sockets) {
    ScriptedProgram program;
    const size_t assigns = below(kMaxAssigns + 1);
    for (size_t i = 0; i < assigns; ++i) {
      AssignOperation assign;
      if (sockets > 0 && !one_in(5)) assign.socket = below(sockets);
      assign.flags = flags();
      program.assigns.push_back(assign);
    }
    program.return_code = one_in(3) ? kSkDrop : kSkPass;
    return program;
  }

  Packet packet() {
    const Family packet_family = family();
    Packet packet;
    packet.protocol = protocol();
    const bool v4 = packet_family == Family::kIpv4;
    packet.source = {v4 ? kClient4 : kClient6,
                     static_cast<uint16_t>(kClientPort + (one_in(2) ? 1 : 0))};
    packet.destination = {v4 ? pick(kServers4) : pick(kServers6), pick(kPorts)};
    return packet;
  }

  std::mt19937_64 &random_;
};

}  // namespace

Scenario random_scenario(std::mt19937_64 &random) { return Generator(random).scenario(); }

}  // namespace sklab
