// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/sequence_mutator.h"

#include <array>

#include "fuzz/lifecycle/sequence_records.h"
#include "fuzz/target/record_mutator.h"

namespace sklab {
namespace {

using Mutator = RecordMutator<kSequenceRecordSize>;

// How often each kind of record is made, of all: what a netns has in it comes before what becomes
// of it, lookups say most, and what fills whole seconds is rare.
struct Likelihood {
  SequenceRecord kind;
  unsigned weight;
};
constexpr std::array<Likelihood, kSequenceRecords> kLikelihoods = {{
    {SequenceRecord::kProgram, 6},    {SequenceRecord::kAttach, 8},
    {SequenceRecord::kAttachMany, 1}, {SequenceRecord::kUpdate, 8},
    {SequenceRecord::kDetach, 4},     {SequenceRecord::kCloseLink, 3},
    {SequenceRecord::kQuery, 4},      {SequenceRecord::kLinkInfo, 4},
    {SequenceRecord::kLegacy, 1},     {SequenceRecord::kNetns, 1},
    {SequenceRecord::kServer, 14},    {SequenceRecord::kBind, 3},
    {SequenceRecord::kListen, 3},     {SequenceRecord::kConnect, 3},
    {SequenceRecord::kDisconnect, 2}, {SequenceRecord::kShutDown, 2},
    {SequenceRecord::kEstablish, 3},  {SequenceRecord::kCloseSocket, 5},
    {SequenceRecord::kPut, 9},        {SequenceRecord::kErase, 4},
    {SequenceRecord::kRead, 3},       {SequenceRecord::kLookUp, 14},
    {SequenceRecord::kCheckAll, 2},
}};
constexpr unsigned total_weight() {
  unsigned total = 0;
  for (const Likelihood &likelihood : kLikelihoods) total += likelihood.weight;
  return total;
}

Mutator::Record make_record(FuzzRandom &random) {
  size_t chosen = random.below(total_weight());
  size_t kind = 0;
  while (chosen >= kLikelihoods[kind].weight) chosen -= kLikelihoods[kind++].weight;
  Mutator::Record record{};
  Mutator::put(record, 0, record.size(), random.next());
  record[0] = static_cast<uint8_t>(kLikelihoods[kind].kind);
  return record;
}

void insert_operation(Mutator::Records &records, FuzzRandom &random) {
  Mutator::insert(records, {make_record(random)}, random);
}

void append_operations(Mutator::Records &records, FuzzRandom &random) {
  for (size_t count = 1 + random.below(6); count > 0; --count) {
    records.push_back(make_record(random));
  }
}

void replace_operation(Mutator::Records &records, FuzzRandom &random) {
  if (!records.empty()) records[random.below(records.size())] = make_record(random);
}

void change_operand(Mutator::Records &records, FuzzRandom &random) {
  if (records.empty()) return;
  Mutator::Record &record = records[random.below(records.size())];
  record[1 + random.below(record.size() - 1)] = static_cast<uint8_t>(random.next());
}

constexpr std::array<Mutator::Change, 8> kSequenceChanges = {
    insert_operation,  append_operations, Mutator::remove_run, Mutator::swap_two,
    Mutator::copy_run, replace_operation, change_operand,      Mutator::change_byte};

}  // namespace

size_t mutate_sequence(std::span<uint8_t> bytes, size_t size, uint64_t seed) {
  return Mutator::mutate(bytes, size, seed, kSequenceChanges);
}

size_t cross_sequences(std::span<const uint8_t> first, std::span<const uint8_t> second,
                       std::span<uint8_t> out, uint64_t seed) {
  FuzzRandom random(seed);
  return Mutator::write(Mutator::splice(Mutator::read(first), Mutator::read(second), random), out);
}

}  // namespace sklab
