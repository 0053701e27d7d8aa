// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_mutator.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "fuzz/semantics/scenario_records.h"
#include "fuzz/target/random.h"
#include "fuzz/target/record_mutator.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

using Mutator = RecordMutator<kRecordSize>;
using Record = Mutator::Record;
using Records = Mutator::Records;

// Ports that sockets have, mostly: a packet to another finds none.
uint16_t random_port(FuzzRandom &random) {
  if (random.one_in(8)) return static_cast<uint16_t>(random.next());
  return kServerPorts[random.below(kServerPorts.size())];
}

uint64_t random_flags(FuzzRandom &random) {
  if (random.one_in(16)) return random.next();
  if (random.one_in(16)) return uint64_t{1} << random.below(64);
  return random.below(4);
}

// The codes of every dialect, their neighbours, and any.
uint64_t random_code(FuzzRandom &random) {
  constexpr std::array<uint32_t, 6> kInteresting = {0, 1, 2, 7, 39, 0xffffffff};
  if (random.one_in(8)) return random.next();
  return kInteresting[random.below(kInteresting.size())];
}

void randomize(Record &record, FuzzRandom &random) {
  switch (record_kind(record[0])) {
    case RecordKind::kDialect:
      record[1] = static_cast<uint8_t>(random.below(3));
      Mutator::put(record, 2, 6,
                   random.one_in(2) ? 0x000700020000 : random.next() & 0x002700030003);
      break;
    case RecordKind::kSocket:
    case RecordKind::kPacket:
      record[1] = static_cast<uint8_t>(random.next());
      record[2] = static_cast<uint8_t>(random.next());
      record[3] = static_cast<uint8_t>(random.next());
      Mutator::put(record, 4, 2, random_port(random));
      Mutator::put(record, 6, 2, random_port(random));
      break;
    case RecordKind::kAssign:
      record[1] = static_cast<uint8_t>(random.next());
      Mutator::put(record, 4, 8, random_flags(random));
      break;
    case RecordKind::kReturn:
      Mutator::put(record, 4, 8, random_code(random));
      break;
  }
}

Record random_record(FuzzRandom &random) {
  // Assigns and ends of programs are what scenarios have most of.
  constexpr std::array kLikely = {RecordKind::kDialect, RecordKind::kSocket, RecordKind::kSocket,
                                  RecordKind::kPacket,  RecordKind::kAssign, RecordKind::kAssign,
                                  RecordKind::kAssign,  RecordKind::kReturn, RecordKind::kReturn};
  Record record{};
  record[0] = static_cast<uint8_t>(kLikely[random.below(kLikely.size())]);
  randomize(record, random);
  return record;
}

void insert_record(Records &records, FuzzRandom &random) {
  Mutator::insert(records, {random_record(random)}, random);
}

void randomize_record(Records &records, FuzzRandom &random) {
  if (records.empty()) return;
  randomize(records[random.below(records.size())], random);
}

// Which of several sockets receives a packet shows where they have almost everything in common.
void insert_sibling(Records &records, FuzzRandom &random) {
  std::vector<size_t> sockets;
  for (size_t i = 0; i < records.size(); ++i) {
    if (record_kind(records[i][0]) == RecordKind::kSocket) sockets.push_back(i);
  }
  if (sockets.empty()) return;
  Record sibling = records[sockets[random.below(sockets.size())]];
  constexpr std::array<uint8_t, 4> kBits = {kBitIpv6, kBitV6Only, kBitConnected, kBitMapped};
  if (random.one_in(2)) sibling[2] = static_cast<uint8_t>(random.next());  // address
  if (random.one_in(2)) sibling[1] ^= kBits[random.below(kBits.size())];
  Mutator::insert(records, {sibling}, random);
}

constexpr std::array<Mutator::Change, 7> kChanges = {
    insert_record,    Mutator::remove_run,  Mutator::swap_two, Mutator::copy_run,
    randomize_record, Mutator::change_byte, insert_sibling};

bool is_of_population(const Record &record) {
  return record_kind(record[0]) == RecordKind::kSocket ||
         record_kind(record[0]) == RecordKind::kDialect;
}

}  // namespace

size_t mutate_scenario(std::span<uint8_t> bytes, size_t size, uint64_t seed) {
  return Mutator::mutate(bytes, size, seed, kChanges);
}

size_t cross_scenarios(std::span<const uint8_t> first, std::span<const uint8_t> second,
                       std::span<uint8_t> out, uint64_t seed) {
  FuzzRandom random(seed);
  const Records left = Mutator::read(first);
  const Records right = Mutator::read(second);
  if (random.one_in(2)) return Mutator::write(Mutator::splice(left, right, random), out);
  Records crossed;
  std::copy_if(left.begin(), left.end(), std::back_inserter(crossed), is_of_population);
  std::remove_copy_if(right.begin(), right.end(), std::back_inserter(crossed), is_of_population);
  return Mutator::write(crossed, out);
}

std::vector<uint8_t> population_records(std::span<const uint8_t> bytes) {
  Records records = Mutator::read(bytes);
  std::erase_if(records, [](const Record &record) { return !is_of_population(record); });
  std::vector<uint8_t> population(records.size() * kRecordSize);
  Mutator::write(records, population);
  return population;
}

size_t adopt_population(std::span<uint8_t> bytes, size_t size,
                        std::span<const uint8_t> population) {
  Records adopted = Mutator::read(population);
  const Records own = Mutator::read(bytes.first(size));
  std::remove_copy_if(own.begin(), own.end(), std::back_inserter(adopted), is_of_population);
  return Mutator::write(adopted, bytes);
}

}  // namespace sklab
