// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <array>
#include <set>

#include "fuzz/packet/packet_records.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

using Record = std::array<uint8_t, kRecordSize>;

void append(std::vector<uint8_t> &bytes, const Record &record) {
  bytes.insert(bytes.end(), record.begin(), record.end());
}

Record record_of(PacketRecordKind kind) {
  Record record{};
  record[0] = static_cast<uint8_t>(kind);
  return record;
}

void encode_part(const HeaderPart &part, std::vector<uint8_t> &bytes) {
  Record record = record_of(PacketRecordKind::kPart);
  record[1] = static_cast<uint8_t>(part.kind);
  record[2] = part.type;
  // The caller decodes again and compares, so what a record cannot say needs no check here.
  const size_t length = std::min<size_t>(part.content.size(), 8);
  record[3] = static_cast<uint8_t>(length);
  std::copy_n(part.content.begin(), length, record.begin() + 4);
  append(bytes, record);
}

void encode_fragments(const Fragmentation &fragmentation, std::vector<uint8_t> &bytes) {
  Record record = record_of(PacketRecordKind::kFragments);
  const auto bit = [](bool set, uint8_t bits) { return set ? bits : uint8_t{0}; };
  record[1] = static_cast<uint8_t>(
      bit(fragmentation.backwards, kBitBackwards) | bit(fragmentation.repeat, kBitRepeat) |
      bit(fragmentation.leave_out, kBitLeaveOut) | bit(fragmentation.overlap, kBitOverlap));
  const size_t cuts = std::min(fragmentation.cuts.size(), kMostCuts);
  record[2] = static_cast<uint8_t>(cuts - 1);
  record[3] = fragmentation.chosen;
  for (size_t i = 0; i < cuts; ++i) record[4 + i] = static_cast<uint8_t>(fragmentation.cuts[i]);
  append(bytes, record);
}

void encode_damage(const Damage &damage, std::vector<uint8_t> &bytes) {
  Record record = record_of(PacketRecordKind::kDamage);
  record[1] = static_cast<uint8_t>(damage.kind);
  record[2] = damage.frame;
  record[3] = static_cast<uint8_t>((damage.in_transport ? kBitInTransport : 0) |
                                   (damage.fix_ip_checksum ? kBitFixIpChecksum : 0) |
                                   (damage.fix_transport_checksum ? kBitFixTransportChecksum : 0));
  record[4] = static_cast<uint8_t>(damage.offset);
  record[5] = static_cast<uint8_t>(damage.offset >> 8U);
  record[6] = damage.value;
  append(bytes, record);
}

// The scenario's own record of a packet, with what else there is to say.
bool encode_packet_spec(const PacketSpec &spec, std::vector<uint8_t> &bytes) {
  Scenario alone;
  alone.packet = spec.packet;
  const auto encoded = encode_scenario(alone);
  if (!encoded) return false;
  Record record;
  std::copy_n(encoded->end() - kRecordSize, kRecordSize, record.begin());
  const bool error = spec.form == PacketForm::kError;
  record[8] = error ? 7 : 0;
  record[9] = error ? spec.error : spec.tcp_flags ^ kTcpSyn;
  record[10] = static_cast<uint8_t>(spec.payload_bytes);
  record[11] = static_cast<uint8_t>(spec.payload_bytes >> 8U);
  append(bytes, record);
  for (const HeaderPart &part : spec.parts) encode_part(part, bytes);
  if (spec.fragmentation) encode_fragments(*spec.fragmentation, bytes);
  for (const Damage &damage : spec.damages) encode_damage(damage, bytes);
  return true;
}

void encode_reuseport_programs(const Scenario &scenario, std::vector<uint8_t> &bytes) {
  std::set<unsigned> groups;
  for (const SocketSpec &socket : scenario.sockets) {
    if (socket.reuseport_group) groups.insert(*socket.reuseport_group);
  }
  for (const ReuseportProgram &program : scenario.reuseport_programs) {
    Record record = record_of(PacketRecordKind::kReuseport);
    record[1] = static_cast<uint8_t>(std::distance(groups.begin(), groups.find(program.group)));
    record[2] = static_cast<uint8_t>(program.action);
    record[3] = static_cast<uint8_t>(program.socket);
    append(bytes, record);
  }
}

}  // namespace

std::optional<std::vector<uint8_t>> encode_packets(const PacketInput &input) {
  Scenario scenario = input.scenario;
  scenario.reuseport_programs.clear();
  auto bytes = encode_scenario(scenario);
  if (!bytes) return std::nullopt;
  bytes->resize(bytes->size() - kRecordSize);  // the packet
  encode_reuseport_programs(input.scenario, *bytes);
  for (const PacketSpec &spec : input.packets) {
    if (!encode_packet_spec(spec, *bytes)) return std::nullopt;
  }
  if (decode_packets(*bytes) != input) return std::nullopt;
  return bytes;
}

}  // namespace sklab
