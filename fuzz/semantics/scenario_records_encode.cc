// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <array>

#include "fuzz/semantics/scenario_records.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

class Writer {
 public:
  void add(RecordKind kind, std::array<uint8_t, 3> small, uint64_t rest) {
    bytes_.push_back(static_cast<uint8_t>(kind));
    bytes_.insert(bytes_.end(), small.begin(), small.end());
    for (size_t i = 0; i < 8; ++i) bytes_.push_back(static_cast<uint8_t>(rest >> (8 * i)));
  }
  std::vector<uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
};

template <typename Addresses>
std::optional<uint8_t> index_in(const Addresses &addresses, const IpAddress &address) {
  const auto found = std::find(addresses.begin(), addresses.end(), address);
  if (found == addresses.end()) return std::nullopt;
  return static_cast<uint8_t>(found - addresses.begin());
}
std::optional<uint8_t> server_index(const IpAddress &address) {
  return address.family == Family::kIpv6 ? index_in(kServers6, address)
                                         : index_in(kServers4, address);
}
std::optional<uint8_t> client_index(const IpAddress &address) {
  return address.family == Family::kIpv6 ? index_in(kClients6, address)
                                         : index_in(kClients4, address);
}

uint8_t bit(bool set, uint8_t bits) { return set ? bits : uint8_t{0}; }

uint8_t protocol_bits(Protocol protocol, Family family) {
  return static_cast<uint8_t>(bit(protocol == Protocol::kUdp, kBitUdp) |
                              bit(family == Family::kIpv6, kBitIpv6));
}

uint64_t ports(uint16_t first, uint16_t second) { return first | (uint64_t{second} << 16); }

// The caller decodes again and compares, so what a record cannot say needs no check here.
void encode_socket(const SocketSpec &socket, Writer &writer) {
  const IpAddress address = socket.local.address.from_v4_mapped();
  const size_t wildcard = address.family == Family::kIpv6 ? kServers6.size() : kServers4.size();
  const auto local = server_index(address).value_or(static_cast<uint8_t>(wildcard));
  const auto peer =
      socket.peer ? client_index(socket.peer->address.from_v4_mapped()).value_or(0) : uint8_t{0};
  const auto bits = static_cast<uint8_t>(protocol_bits(socket.protocol, socket.family) |
                                         bit(socket.v6_only, kBitV6Only) |
                                         bit(socket.peer.has_value(), kBitConnected) |
                                         bit(socket.reuseport_group.has_value(), kBitReuseport) |
                                         bit(address.family != socket.family, kBitMapped));
  const uint16_t peer_port = socket.peer ? socket.peer->port : uint16_t{0};
  writer.add(RecordKind::kSocket, {bits, local, peer}, ports(socket.local.port, peer_port));
}

void encode_packet(const Packet &packet, Writer &writer) {
  const uint8_t bits = protocol_bits(packet.protocol, packet.source.address.family);
  writer.add(RecordKind::kPacket,
             {bits, client_index(packet.source.address).value_or(0),
              server_index(packet.destination.address).value_or(0)},
             ports(packet.source.port, packet.destination.port));
}

void encode_dialect(const Scenario &scenario, Writer &writer) {
  const ReturnCodes &codes = scenario.codes;
  // The code for OK lies where `small` ends.
  const auto low = static_cast<uint8_t>(codes.ok);
  const auto high = static_cast<uint8_t>(codes.ok >> 8);
  writer.add(RecordKind::kDialect, {static_cast<uint8_t>(scenario.dialect), low, high},
             ports(static_cast<uint16_t>(codes.drop), static_cast<uint16_t>(codes.redirect)));
}

}  // namespace

std::optional<std::vector<uint8_t>> encode_scenario(const Scenario &scenario) {
  Writer writer;
  encode_dialect(scenario, writer);
  for (const SocketSpec &socket : scenario.sockets) encode_socket(socket, writer);
  for (const ScriptedProgram &program : scenario.programs) {
    for (const AssignOperation &assign : program.assigns) {
      const auto socket = static_cast<uint8_t>(assign.socket ? *assign.socket + 1 : 0);
      writer.add(RecordKind::kAssign, {socket, 0, 0}, assign.flags);
    }
    writer.add(RecordKind::kReturn, {}, program.return_code);
  }
  encode_packet(scenario.packet, writer);
  std::vector<uint8_t> bytes = writer.take();
  if (decode_scenario(bytes) != scenario) return std::nullopt;
  return bytes;
}

}  // namespace sklab
