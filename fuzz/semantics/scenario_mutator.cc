// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_mutator.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "fuzz/semantics/scenario_records.h"
#include "fuzz/target/random.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

using Record = std::array<uint8_t, kRecordSize>;

std::vector<Record> read_records(std::span<const uint8_t> bytes) {
  std::vector<Record> records(bytes.size() / kRecordSize);
  // An empty vector has no memory to copy to.
  if (!records.empty()) std::memcpy(records.data(), bytes.data(), records.size() * kRecordSize);
  return records;
}

size_t write_records(const std::vector<Record> &records, std::span<uint8_t> out) {
  const size_t count = std::min(records.size(), out.size() / kRecordSize);
  if (count > 0) std::memcpy(out.data(), records.data(), count * kRecordSize);
  return count * kRecordSize;
}

void put(Record &record, size_t first, size_t bytes, uint64_t value) {
  for (size_t i = 0; i < bytes; ++i) record[first + i] = static_cast<uint8_t>(value >> (8 * i));
}

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
      put(record, 2, 6, random.one_in(2) ? 0x000700020000 : random.next() & 0x002700030003);
      break;
    case RecordKind::kSocket:
    case RecordKind::kPacket:
      record[1] = static_cast<uint8_t>(random.next());
      record[2] = static_cast<uint8_t>(random.next());
      record[3] = static_cast<uint8_t>(random.next());
      put(record, 4, 2, random_port(random));
      put(record, 6, 2, random_port(random));
      break;
    case RecordKind::kAssign:
      record[1] = static_cast<uint8_t>(random.next());
      put(record, 4, 8, random_flags(random));
      break;
    case RecordKind::kReturn:
      put(record, 4, 8, random_code(random));
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

using Change = void (*)(std::vector<Record> &records, FuzzRandom &random);

void insert_record(std::vector<Record> &records, FuzzRandom &random) {
  const auto at = static_cast<ptrdiff_t>(random.below(records.size() + 1));
  records.insert(records.begin() + at, random_record(random));
}

void remove_records(std::vector<Record> &records, FuzzRandom &random) {
  if (records.empty()) return;
  const size_t first = random.below(records.size());
  const size_t count = std::min(records.size() - first, random.one_in(4) ? random.below(8) + 1 : 1);
  const auto begin = records.begin() + static_cast<ptrdiff_t>(first);
  records.erase(begin, begin + static_cast<ptrdiff_t>(count));
}

void swap_records(std::vector<Record> &records, FuzzRandom &random) {
  if (records.empty()) return;
  std::swap(records[random.below(records.size())], records[random.below(records.size())]);
}

// Copies a run, often a whole program, to another place.
void copy_run(std::vector<Record> &records, FuzzRandom &random) {
  if (records.empty()) return;
  const size_t first = random.below(records.size());
  const size_t count = std::min(records.size() - first, random.below(6) + 1);
  const auto begin = records.begin() + static_cast<ptrdiff_t>(first);
  const std::vector<Record> run(begin, begin + static_cast<ptrdiff_t>(count));
  const auto at = static_cast<ptrdiff_t>(random.below(records.size() + 1));
  records.insert(records.begin() + at, run.begin(), run.end());
}

void randomize_record(std::vector<Record> &records, FuzzRandom &random) {
  if (records.empty()) return;
  randomize(records[random.below(records.size())], random);
}

void change_byte(std::vector<Record> &records, FuzzRandom &random) {
  if (records.empty()) return;
  Record &record = records[random.below(records.size())];
  uint8_t &byte = record[random.below(kRecordSize)];
  const auto amount = static_cast<uint8_t>(1U << random.below(8));
  byte = static_cast<uint8_t>(random.one_in(2) ? byte ^ amount : byte + amount);
}

constexpr std::array<Change, 6> kChanges = {insert_record, remove_records,   swap_records,
                                            copy_run,      randomize_record, change_byte};

bool is_of_population(const Record &record) {
  return record_kind(record[0]) == RecordKind::kSocket ||
         record_kind(record[0]) == RecordKind::kDialect;
}

}  // namespace

size_t mutate_scenario(std::span<uint8_t> bytes, size_t size, uint64_t seed) {
  FuzzRandom random(seed);
  std::vector<Record> records = read_records(bytes.first(size));
  // The kinds of change that this mutation is made of; none is all.
  const size_t enabled = random.one_in(2) ? 0x3f : random.next() & 0x3f;
  const size_t changes = size_t{1} << random.below(4);
  for (size_t i = 0; i < changes; ++i) {
    const size_t change = random.below(kChanges.size());
    if (enabled == 0 || (enabled >> change & 1) != 0) kChanges[change](records, random);
  }
  return write_records(records, bytes);
}

size_t cross_scenarios(std::span<const uint8_t> first, std::span<const uint8_t> second,
                       std::span<uint8_t> out, uint64_t seed) {
  FuzzRandom random(seed);
  const std::vector<Record> left = read_records(first);
  const std::vector<Record> right = read_records(second);
  std::vector<Record> crossed;
  if (random.one_in(2)) {
    std::copy_if(left.begin(), left.end(), std::back_inserter(crossed), is_of_population);
    std::remove_copy_if(right.begin(), right.end(), std::back_inserter(crossed), is_of_population);
  } else {
    const auto end = static_cast<ptrdiff_t>(random.below(left.size() + 1));
    const auto start = static_cast<ptrdiff_t>(random.below(right.size() + 1));
    crossed.assign(left.begin(), left.begin() + end);
    crossed.insert(crossed.end(), right.begin() + start, right.end());
  }
  return write_records(crossed, out);
}

std::vector<uint8_t> population_records(std::span<const uint8_t> bytes) {
  std::vector<Record> records = read_records(bytes);
  std::erase_if(records, [](const Record &record) { return !is_of_population(record); });
  std::vector<uint8_t> population(records.size() * kRecordSize);
  write_records(records, population);
  return population;
}

size_t adopt_population(std::span<uint8_t> bytes, size_t size,
                        std::span<const uint8_t> population) {
  std::vector<Record> adopted = read_records(population);
  const std::vector<Record> own = read_records(bytes.first(size));
  std::remove_copy_if(own.begin(), own.end(), std::back_inserter(adopted), is_of_population);
  return write_records(adopted, bytes);
}

}  // namespace sklab
