// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_records.h"

#include <algorithm>
#include <array>
#include <set>

#include "harness/model/scenario_validate.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

using Record = std::array<uint8_t, kRecordSize>;

constexpr uint8_t kErrorForm = 7;  // one packet in eight of random ones

unsigned kind_of(const Record &record) { return record[0] % kPacketRecordKinds; }
unsigned number(PacketRecordKind kind) { return static_cast<unsigned>(kind); }

uint16_t number16(const Record &record, size_t first) {
  return static_cast<uint16_t>(record[first] | record[first + 1] << 8U);
}

// An established socket's peer is outside, and ::1 does not come through a wire.
void avoid_loopback6(Record &record) {
  constexpr uint8_t kLoopback6 = 2;  // of kServers6 and the wildcard
  const uint8_t bits = record[1];
  const bool established = (bits & (kBitUdp | kBitConnected)) == kBitConnected;
  const bool ipv6 = (bits & (kBitIpv6 | kBitMapped)) == kBitIpv6;
  if (established && ipv6 && record[2] % 4 == kLoopback6) record[2] = 0;
}

// The records of the scenario, as decode_scenario() takes them.
std::vector<uint8_t> scenario_part(const std::vector<Record> &records) {
  std::vector<uint8_t> bytes;
  for (Record record : records) {
    if (kind_of(record) >= kRecordKinds) continue;
    record[0] = static_cast<uint8_t>(kind_of(record));
    if (record_kind(record[0]) == RecordKind::kSocket) avoid_loopback6(record);
    bytes.insert(bytes.end(), record.begin(), record.end());
  }
  return bytes;
}

// The packet of a single record, as decode_scenario() reads it beside the population.
Packet decode_addresses(Record record, Scenario scenario) {
  record[0] = static_cast<uint8_t>(RecordKind::kPacket);
  scenario.packet = decode_scenario(record).packet;
  // A segment to the far end of a connection.
  if (find_contradiction(scenario)) scenario.packet.protocol = Protocol::kUdp;
  return scenario.packet;
}

PacketSpec decode_packet_spec(const Record &record, const Scenario &scenario) {
  PacketSpec spec;
  spec.packet = decode_addresses(record, scenario);
  spec.form = record[8] % 8 == kErrorForm ? PacketForm::kError : PacketForm::kMessage;
  // A record of zeros is a SYN.
  if (spec.form == PacketForm::kMessage) spec.tcp_flags = record[9] ^ kTcpSyn;
  if (spec.form == PacketForm::kError) spec.error = record[9];
  spec.payload_bytes = static_cast<uint16_t>(number16(record, 10) % (kMostPayload + 1));
  return spec;
}

void add_part(const Record &record, PacketSpec &spec) {
  if (spec.parts.size() == kMostParts) return;
  const size_t length = record[3] % 9U;
  spec.parts.push_back({static_cast<HeaderPart::Kind>(record[1] % kHeaderPartKinds),
                        record[2],
                        {record.begin() + 4, record.begin() + 4 + static_cast<ptrdiff_t>(length)}});
}

void set_fragments(const Record &record, PacketSpec &spec) {
  const uint8_t bits = record[1];
  Fragmentation fragmentation;
  fragmentation.backwards = (bits & kBitBackwards) != 0;
  fragmentation.repeat = (bits & kBitRepeat) != 0;
  fragmentation.leave_out = (bits & kBitLeaveOut) != 0;
  fragmentation.overlap = (bits & kBitOverlap) != 0;
  fragmentation.chosen = record[3];
  const size_t cuts = 1 + record[2] % kMostCuts;
  fragmentation.cuts.assign(record.begin() + 4, record.begin() + 4 + static_cast<ptrdiff_t>(cuts));
  spec.fragmentation = std::move(fragmentation);
}

void add_damage(const Record &record, PacketSpec &spec) {
  if (spec.damages.size() == kMostDamages) return;
  const uint8_t bits = record[3];
  Damage damage;
  damage.kind = static_cast<Damage::Kind>(record[1] % 4);
  damage.frame = record[2];
  damage.in_transport = (bits & kBitInTransport) != 0;
  damage.fix_ip_checksum = (bits & kBitFixIpChecksum) != 0;
  damage.fix_transport_checksum = (bits & kBitFixTransportChecksum) != 0;
  damage.offset = number16(record, 4);
  damage.value = record[6];
  spec.damages.push_back(damage);
}

void add_reuseport(const Record &record, Scenario &scenario) {
  std::set<unsigned> groups;
  for (const SocketSpec &socket : scenario.sockets) {
    if (socket.reuseport_group) groups.insert(*socket.reuseport_group);
  }
  if (groups.empty()) return;
  ReuseportProgram program;
  program.group = *std::next(groups.begin(), record[1] % static_cast<ptrdiff_t>(groups.size()));
  program.action = static_cast<ReuseportProgram::Action>(record[2] % 3);
  if (program.action == ReuseportProgram::Action::kSelect) {
    program.socket = record[3] % scenario.sockets.size();
  }
  scenario.reuseport_programs.push_back(program);
  const auto wrong = find_contradiction(scenario);
  if (wrong && wrong->part == Contradiction::Part::kReuseport) {
    scenario.reuseport_programs.pop_back();
  }
}

std::vector<Record> split(std::span<const uint8_t> bytes) {
  std::vector<Record> records;
  for (; bytes.size() >= kRecordSize; bytes = bytes.subspan(kRecordSize)) {
    std::copy_n(bytes.begin(), kRecordSize, records.emplace_back().begin());
  }
  return records;
}

void decode_record(const Record &record, PacketInput &input) {
  const unsigned kind = kind_of(record);
  std::vector<PacketSpec> &packets = input.packets;
  if (kind == static_cast<unsigned>(RecordKind::kPacket)) {
    if (packets.size() < kMostPackets) {
      packets.push_back(decode_packet_spec(record, input.scenario));
    }
  } else if (kind == number(PacketRecordKind::kReuseport)) {
    add_reuseport(record, input.scenario);
  } else if (!packets.empty()) {
    if (kind == number(PacketRecordKind::kPart)) add_part(record, packets.back());
    if (kind == number(PacketRecordKind::kFragments)) set_fragments(record, packets.back());
    if (kind == number(PacketRecordKind::kDamage)) add_damage(record, packets.back());
  }
}

}  // namespace

PacketInput decode_packets(std::span<const uint8_t> bytes) {
  const std::vector<Record> records = split(bytes);
  PacketInput input;
  input.scenario = decode_scenario(scenario_part(records));
  for (const Record &record : records) decode_record(record, input);
  if (input.packets.empty()) input.packets.push_back(decode_packet_spec({}, input.scenario));
  input.scenario.packet = input.packets.front().packet;
  return input;
}

}  // namespace sklab
