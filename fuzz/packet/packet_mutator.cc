// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_mutator.h"

#include <array>

#include "fuzz/packet/packet_records.h"
#include "fuzz/semantics/scenario_mutator.h"
#include "fuzz/target/random.h"
#include "fuzz/target/record_mutator.h"
#include "harness/model/loopback_addresses.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

using PacketMutator = RecordMutator<kRecordSize>;
using Record = PacketMutator::Record;
using Records = PacketMutator::Records;

uint8_t any_byte(FuzzRandom &random) { return static_cast<uint8_t>(random.next()); }

void fill(Record &record, FuzzRandom &random) {
  for (size_t i = 1; i < record.size(); ++i) record[i] = any_byte(random);
}

uint8_t likely_flags(FuzzRandom &random) {
  constexpr std::array<uint8_t, 6> kFlags = {kTcpSyn, kTcpAck,           kTcpReset,
                                             kTcpFin, kTcpSyn | kTcpAck, kTcpSyn | kTcpFin};
  if (random.one_in(2)) return kTcpSyn;
  return random.one_in(4) ? any_byte(random) : kFlags[random.below(kFlags.size())];
}

void randomize_packet(Record &record, FuzzRandom &random) {
  fill(record, random);
  const uint16_t source = kClientPorts[random.below(kClientPorts.size())];
  const uint16_t port = kServerPorts[random.below(kServerPorts.size())];
  PacketMutator::put(record, 4, 2, source);
  if (!random.one_in(8)) PacketMutator::put(record, 6, 2, port);
  record[9] = likely_flags(random) ^ kTcpSyn;
  // Around the length up to which a checksum is verified before the lookup, or any.
  const size_t payload = random.one_in(2) ? random.below(96) : random.below(kMostPayload);
  PacketMutator::put(record, 10, 2, payload);
}

// Options that the receiver knows, mostly.
void randomize_part(Record &record, FuzzRandom &random) {
  constexpr std::array<uint8_t, 12> kTypes = {0, 1, 2, 3, 4, 5, 7, 8, 68, 130, 148, 201};
  fill(record, random);
  if (!random.one_in(4)) record[2] = kTypes[random.below(kTypes.size())];
}

void randomize_damage(Record &record, FuzzRandom &random) {
  fill(record, random);
  // Headers rather than payload.
  record[4] = static_cast<uint8_t>(random.below(random.one_in(4) ? 256 : 24));
  record[5] = 0;
  if (random.one_in(2)) record[6] = static_cast<uint8_t>(1U << random.below(8));
}

Record random_packet_record(FuzzRandom &random) {
  using Kind = PacketRecordKind;
  Record record{};
  const size_t kind = random.below(8);
  if (kind < 3) {
    record[0] = static_cast<uint8_t>(RecordKind::kPacket);
    randomize_packet(record, random);
  } else if (kind == 3) {
    record[0] = static_cast<uint8_t>(Kind::kPart);
    randomize_part(record, random);
  } else if (kind == 4) {
    record[0] = static_cast<uint8_t>(Kind::kFragments);
    fill(record, random);
    record[1] = random.one_in(2) ? 0 : static_cast<uint8_t>(1U << random.below(4));
  } else if (kind < 7) {
    record[0] = static_cast<uint8_t>(Kind::kDamage);
    randomize_damage(record, random);
  } else {
    record[0] = static_cast<uint8_t>(Kind::kReuseport);
    fill(record, random);
  }
  return record;
}

bool is_socket(const Record &record) {
  return record[0] % kPacketRecordKinds == static_cast<unsigned>(RecordKind::kSocket);
}

// A socket record becomes two: at the same port, with another address or family. Which of them a
// packet finds is a rule of its own. They can be open at the same time if both share the port.
Record sibling_of(Record &socket, FuzzRandom &random) {
  socket[1] = static_cast<uint8_t>((socket[1] & ~kBitConnected) | kBitReuseport);
  Record sibling = socket;
  constexpr std::array<uint8_t, 3> kDifferences = {kBitIpv6, kBitMapped, kBitV6Only};
  if (random.one_in(2)) sibling[1] ^= kDifferences[random.below(kDifferences.size())];
  if (random.one_in(2)) sibling[2] = any_byte(random);
  return sibling;
}

Record next_record(Records &records, FuzzRandom &random) {
  if (!records.empty() && random.one_in(6)) {
    Record &chosen = records[random.below(records.size())];
    if (is_socket(chosen)) return sibling_of(chosen, random);
  }
  return random_packet_record(random);
}

// Puts a record between two, or in the place of one.
void place_record(Records &records, size_t most, FuzzRandom &random) {
  const Record record = next_record(records, random);
  const size_t at = random.below(records.size() + 1);
  if (at < records.size() && random.one_in(3)) {
    records[at] = record;
  } else if (records.size() < most) {
    records.insert(records.begin() + static_cast<ptrdiff_t>(at), record);
  }
}

}  // namespace

size_t mutate_packets(std::span<uint8_t> bytes, size_t size, uint64_t seed) {
  FuzzRandom random(seed);
  if (random.one_in(2)) return mutate_scenario(bytes, size, random.next());
  Records records = PacketMutator::read(bytes.first(size));
  for (size_t changes = size_t{1} << random.below(4); changes > 0; --changes) {
    place_record(records, bytes.size() / kRecordSize, random);
  }
  return PacketMutator::write(records, bytes);
}

}  // namespace sklab
