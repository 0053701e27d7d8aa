// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_records.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/model/bind_rules.h"
#include "harness/model/loopback_addresses.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

using RecordView = std::span<const uint8_t, kRecordSize>;

uint64_t number(RecordView record, size_t first, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) value |= uint64_t{record[first + i]} << (8 * i);
  return value;
}
uint16_t port_in(RecordView record, size_t first) {
  return static_cast<uint16_t>(number(record, first, 2));
}

template <size_t kCount>
IpAddress pick(const std::array<IpAddress, kCount> &addresses, uint8_t index) {
  return addresses[index % kCount];
}
IpAddress server(bool ipv6, uint8_t index) {
  return ipv6 ? pick(kServers6, index) : pick(kServers4, index);
}
IpAddress client(bool ipv6, uint8_t index) {
  return ipv6 ? pick(kClients6, index) : pick(kClients4, index);
}

uint16_t local_port(uint16_t port) {
  return port == 0 || is_peer_port(port) ? kServerPorts[0] : port;
}
uint16_t peer_port(uint16_t port) {
  return static_cast<uint16_t>(kFirstPeerPort + port % kPeerPorts);
}

SocketSpec decode_socket(RecordView record) {
  const uint8_t bits = record[1];
  SocketSpec socket;
  socket.protocol = (bits & kBitUdp) != 0 ? Protocol::kUdp : Protocol::kTcp;
  const bool ipv6 = (bits & kBitIpv6) != 0;
  const bool mapped = ipv6 && (bits & kBitMapped) != 0;
  socket.family = ipv6 ? Family::kIpv6 : Family::kIpv4;
  // The index after the last address is the wildcard.
  const bool address_ipv6 = ipv6 && !mapped;
  const auto addresses = static_cast<uint8_t>(address_ipv6 ? kServers6.size() : kServers4.size());
  const auto index = static_cast<uint8_t>(record[2] % (addresses + 1));
  const IpAddress wildcard{address_ipv6 ? Family::kIpv6 : Family::kIpv4, {}};
  IpAddress address = index == addresses ? wildcard : server(address_ipv6, index);
  IpAddress peer = client(address_ipv6, record[3]);
  const bool specific = index != addresses;
  if (mapped) {
    address = address.to_v4_mapped();
    peer = peer.to_v4_mapped();
  }
  socket.local = {address, local_port(port_in(record, 4))};
  if ((bits & kBitConnected) != 0 && specific) {
    socket.peer = Endpoint{peer, peer_port(port_in(record, 6))};
  }
  socket.v6_only = address_ipv6 && (bits & kBitV6Only) != 0;
  return socket;
}

// The group that the kernel would put the socket into, or a new one.
unsigned group_for(const SocketSpec &socket, const std::vector<SocketSpec> &sockets) {
  for (const SocketSpec &other : sockets) {
    if (other.reuseport_group && reuseport_key(other) == reuseport_key(socket)) {
      return *other.reuseport_group;
    }
  }
  return static_cast<unsigned>(sockets.size());
}

void add_socket(RecordView record, Scenario &scenario) {
  if (scenario.sockets.size() == kMostRecordedSockets) return;
  SocketSpec socket = decode_socket(record);
  socket.name = "s" + std::to_string(scenario.sockets.size());
  if ((record[1] & kBitReuseport) != 0 && !is_established(socket)) {
    socket.reuseport_group = group_for(socket, scenario.sockets);
  }
  for (const SocketSpec &other : scenario.sockets) {
    if (!can_coexist(socket, other)) return;
  }
  scenario.sockets.push_back(std::move(socket));
  const auto wrong = find_contradiction(scenario);
  if (wrong && wrong->part == Contradiction::Part::kSocket) scenario.sockets.pop_back();
}

void decode_dialect(RecordView record, Scenario &scenario) {
  scenario.dialect = kDialects[record[1] % kDialects.size()];
  // The kernel's own codes are no parameters.
  if (scenario.dialect == Dialect::kPassDrop) {
    scenario.codes = {};
    return;
  }
  scenario.codes = {port_in(record, 2), port_in(record, 4), port_in(record, 6)};
}

Packet decode_packet(RecordView record) {
  const bool ipv6 = (record[1] & kBitIpv6) != 0;
  Packet packet;
  packet.protocol = (record[1] & kBitUdp) != 0 ? Protocol::kUdp : Protocol::kTcp;
  packet.source = {client(ipv6, record[2]), std::max<uint16_t>(port_in(record, 4), 1)};
  packet.destination = {server(ipv6, record[3]), std::max<uint16_t>(port_in(record, 6), 1)};
  return packet;
}

AssignOperation decode_assign(RecordView record, size_t sockets) {
  AssignOperation assign;
  const size_t chosen = record[1] % (sockets + 1);
  if (chosen > 0) assign.socket = chosen - 1;
  assign.flags = number(record, 4, 8);
  return assign;
}

uint32_t decode_code(RecordView record, const Scenario &scenario) {
  const auto code = static_cast<uint32_t>(number(record, 4, 4));
  // All codes are allowed in `redirect`, two in the others.
  if (scenario.dialect == Dialect::kRedirect) return code;
  if (action_of(scenario.dialect, scenario.codes, code)) return code;
  const Action action = code % 2 == 0 ? Action::kDrop : Action::kPass;
  return *code_of(scenario.dialect, scenario.codes, action);
}

std::vector<RecordView> records_of(std::span<const uint8_t> bytes) {
  std::vector<RecordView> records;
  records.reserve(bytes.size() / kRecordSize);
  for (; bytes.size() >= kRecordSize; bytes = bytes.subspan(kRecordSize)) {
    records.push_back(bytes.first<kRecordSize>());
  }
  return records;
}

void decode_programs(const std::vector<RecordView> &records, Scenario &scenario) {
  ScriptedProgram program;
  program.return_code = *code_of(scenario.dialect, scenario.codes, Action::kPass);
  const uint32_t pass = program.return_code;
  for (const RecordView record : records) {
    if (scenario.programs.size() == kMaxLinks) return;
    if (record_kind(record[0]) == RecordKind::kAssign &&
        program.assigns.size() < kMostRecordedAssigns) {
      program.assigns.push_back(decode_assign(record, scenario.sockets.size()));
    }
    if (record_kind(record[0]) != RecordKind::kReturn) continue;
    program.return_code = decode_code(record, scenario);
    scenario.programs.push_back(std::exchange(program, {{}, pass}));
  }
  // A program without an end passes.
  if (!program.assigns.empty()) scenario.programs.push_back(std::move(program));
}

}  // namespace

Scenario decode_scenario(std::span<const uint8_t> bytes) {
  const std::vector<RecordView> records = records_of(bytes);
  Scenario scenario;
  scenario.packet = {
      Protocol::kUdp, {kClients4[0], kClientPorts[0]}, {kServers4[0], kServerPorts[0]}};
  for (const RecordView record : records) {
    switch (record_kind(record[0])) {
      case RecordKind::kDialect:
        decode_dialect(record, scenario);
        break;
      case RecordKind::kSocket:
        add_socket(record, scenario);
        break;
      case RecordKind::kPacket:
        scenario.packet = decode_packet(record);
        break;
      case RecordKind::kAssign:
      case RecordKind::kReturn:
        break;
    }
  }
  decode_programs(records, scenario);
  // A segment to the far end of a connection, which is no socket of the scenario: UDP has none.
  if (find_contradiction(scenario)) scenario.packet.protocol = Protocol::kUdp;
  return scenario;
}

}  // namespace sklab
