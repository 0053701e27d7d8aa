// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/program_mutator.h"

#include <array>
#include <utility>

#include "fuzz/program/program_records.h"
#include "fuzz/target/record_mutator.h"
#include "harness/model/context_rules.h"
#include "harness/model/socket_fields.h"

namespace sklab {
namespace {

using StepMutator = RecordMutator<kProgramRecordSize>;
using StepRecord = StepMutator::Record;
using StepRecords = StepMutator::Records;

// Places in a record (program_records.h).
enum StepByte : uint8_t {
  kKindByte,
  kFormByte,
  kSlotByte,
  kSourceByte,
  kOffsetByte,
  kSizeByte,
  kContextByte,
  kFlagsByte,
  kValueByte,
};

uint8_t random_byte(FuzzRandom &random) { return static_cast<uint8_t>(random.next()); }
uint8_t byte_of(StepSource source) { return static_cast<uint8_t>(source); }

// Flags, return codes and what numbers are compared with: small, a single bit, or anything.
uint64_t random_number(FuzzRandom &random) {
  switch (random.below(8)) {
    case 0:
      return random.next();
    case 1:
      return uint64_t{1} << random.below(64);
    case 2:
      return ~uint64_t{0} << random.below(64);
    default:
      return random.below(4);
  }
}

// Mostly an access to a field that is there, as wide as it is.
void put_access(StepRecord &record, FuzzRandom &random) {
  if (random.one_in(2)) record[kSourceByte] = byte_of(StepSource::kContext);
  if (random.one_in(4)) return;
  const ContextField &field = kContextFields[random.below(kContextFields.size())];
  const SocketField &of_socket = kSocketFields[random.below(kSocketFields.size())];
  const bool is_context = record[kSourceByte] == byte_of(StepSource::kContext);
  const uint32_t offset = is_context ? field.offset : of_socket.offset;
  record[kOffsetByte] = static_cast<uint8_t>(static_cast<int>(offset) - kLowestOffset);
  if (random.one_in(2)) record[kSizeByte] = is_context && field.widest == 8 ? 3 : 2;
}

void put_assign(StepRecord &record, FuzzRandom &random) {
  if (random.one_in(2)) record[kSourceByte] = static_cast<uint8_t>(random.below(kKeptValues));
  if (!random.one_in(16)) record[kOffsetByte] = 0;
  if (!random.one_in(16)) record[kContextByte] = byte_of(StepSource::kContext);
  if (!random.one_in(8)) record[kFlagsByte] = byte_of(StepSource::kNumber);
}

void randomize(StepRecord &record, FuzzRandom &random) {
  for (size_t i = kFormByte; i < kValueByte; ++i) record[i] = random_byte(random);
  // Most steps may be mended: of several wrong ones only the first shows.
  if (!random.one_in(8)) record[kSlotByte] &= 0x7f;
  StepMutator::put(record, kValueByte, 8, random_number(random));
  switch (record[kKindByte] % kProgramRecordKinds) {
    case static_cast<size_t>(StepKind::kLookUp):
      StepMutator::put(record, kValueByte, 8, random.below(step_keys()));
      break;
    case static_cast<size_t>(StepKind::kLoad):
    case static_cast<size_t>(StepKind::kStore):
      put_access(record, random);
      break;
    case static_cast<size_t>(StepKind::kAssign):
      put_assign(record, random);
      break;
    case static_cast<size_t>(StepKind::kReturn):
      if (!random.one_in(4)) record[kSourceByte] = static_cast<uint8_t>(random.below(kKeptValues));
      if (random.one_in(2)) record[kSlotByte] |= 0x80;
      break;
    case static_cast<size_t>(ProgramRecordKind::kPacket):
      StepMutator::put(record, kValueByte, 8, random.next());
      break;
    default:
      break;
  }
}

StepRecord random_step(FuzzRandom &random) {
  StepRecord record{};
  record[kKindByte] = static_cast<uint8_t>(random.below(kProgramRecordKinds));
  randomize(record, random);
  return record;
}

void insert_step(StepRecords &records, FuzzRandom &random) {
  StepMutator::insert(records, {random_step(random)}, random);
}

void randomize_step(StepRecords &records, FuzzRandom &random) {
  if (!records.empty()) randomize(records[random.below(records.size())], random);
}

// What programs do with sockets: take one from a map or from the context, check it, use it, and
// release it. Now and then a step is left out.
void insert_socket_use(StepRecords &records, FuzzRandom &random) {
  const auto slot = static_cast<uint8_t>(random.below(kSlots));
  const auto step = [&](StepKind kind) {
    StepRecord record{};
    record[kKindByte] = static_cast<uint8_t>(kind);
    randomize(record, random);
    record[kSlotByte] = static_cast<uint8_t>((record[kSlotByte] & 0x80) | slot);
    record[kSourceByte] = slot;
    return record;
  };
  StepRecord first = step(StepKind::kLookUp);
  if (random.one_in(3)) {
    first = step(StepKind::kLoad);
    first[kSourceByte] = byte_of(StepSource::kContext);
    first[kOffsetByte] = static_cast<uint8_t>(-kLowestOffset);
    first[kSizeByte] = 3;
  }
  StepRecord check = step(StepKind::kIf);
  check[kFormByte] = static_cast<uint8_t>(IfForm::kNotNull);
  check[kSizeByte] = 2;
  constexpr std::array kUses = {StepKind::kLoad, StepKind::kStore, StepKind::kAssign,
                                StepKind::kAssign};
  StepRecord use = step(kUses[random.below(kUses.size())]);
  if (use[kKindByte] != static_cast<uint8_t>(StepKind::kAssign)) {
    use[kSlotByte] = static_cast<uint8_t>((use[kSlotByte] & 0x80) | (slot + 1));
  }
  StepRecords all = {first, check, use, step(StepKind::kRelease)};
  // Used before it is checked.
  if (random.one_in(4)) std::swap(all[1], all[2]);
  if (random.one_in(4)) all.erase(all.begin() + static_cast<ptrdiff_t>(random.below(all.size())));
  StepMutator::insert(records, all, random);
}

// A slot that has the context or a socket, by the way that led there, and an access to it.
void insert_joined_access(StepRecords &records, FuzzRandom &random) {
  const auto slot = static_cast<uint8_t>(random.below(kSlots));
  const auto step = [&](StepKind kind, uint8_t length) {
    StepRecord record{};
    record[kKindByte] = static_cast<uint8_t>(kind);
    randomize(record, random);
    record[kSlotByte] = slot;
    record[kSourceByte] = slot;
    if (kind == StepKind::kIf) record[kSizeByte] = length;
    return record;
  };
  StepRecord context = step(StepKind::kSet, 0);
  context[kFormByte] = static_cast<uint8_t>(SetForm::kContext);
  const StepRecord either = step(StepKind::kIf, 1);
  StepRecord socket = step(StepKind::kLoad, 0);
  socket[kSourceByte] = byte_of(StepSource::kContext);
  socket[kOffsetByte] = static_cast<uint8_t>(-kLowestOffset);
  socket[kSizeByte] = 3;
  StepRecord check = step(StepKind::kIf, 1);
  check[kFormByte] = static_cast<uint8_t>(IfForm::kNotNull);
  StepRecord use = step(random.one_in(4) ? StepKind::kStore : StepKind::kLoad, 0);
  use[kSlotByte] = static_cast<uint8_t>(slot + 1);
  use[kSourceByte] = slot;
  StepMutator::insert(records, {context, either, socket, check, use}, random);
}

// Lets the program load, or come close to it.
void insert_mend(StepRecords &records, FuzzRandom &random) {
  StepRecord record{};
  record[kKindByte] = static_cast<uint8_t>(ProgramRecordKind::kMend);
  record[kFormByte] = random.one_in(4) ? static_cast<uint8_t>(random.below(8)) : 255;
  StepMutator::insert(records, {record}, random);
}

constexpr std::array<StepMutator::Change, 9> kStepChanges = {
    insert_step,           StepMutator::remove_run, StepMutator::swap_two,
    StepMutator::copy_run, randomize_step,          StepMutator::change_byte,
    insert_socket_use,     insert_joined_access,    insert_mend};

}  // namespace

size_t mutate_program(std::span<uint8_t> bytes, size_t size, uint64_t seed) {
  return StepMutator::mutate(bytes, size, seed, kStepChanges);
}

size_t cross_programs(std::span<const uint8_t> first, std::span<const uint8_t> second,
                      std::span<uint8_t> out, uint64_t seed) {
  FuzzRandom random(seed);
  const StepRecords left = StepMutator::read(first);
  const StepRecords right = StepMutator::read(second);
  return StepMutator::write(StepMutator::splice(left, right, random), out);
}

}  // namespace sklab
