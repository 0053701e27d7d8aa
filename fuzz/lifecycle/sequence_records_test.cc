// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/sequence_records.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "fuzz/lifecycle/lifecycle_model.h"
#include "fuzz/lifecycle/sequence_mutator.h"
#include "fuzz/lifecycle/sequence_text.h"
#include "fuzz/target/random.h"

namespace sklab {
namespace {

std::vector<uint8_t> random_bytes(FuzzRandom &random, size_t size) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

TEST(SequenceRecords, AnyBytesAreASequenceWhoseOperationsArePossible) {
  FuzzRandom random(1);
  std::set<OperationKind> kinds;
  for (int i = 0; i < 1000; ++i) {
    const Sequence sequence = decode_sequence(random_bytes(random, random.below(600)));
    ASSERT_LE(sequence.operations.size(), kMostOperations);
    LifecycleModel model(kernel_rules());
    for (const Operation &operation : sequence.operations) {
      ASSERT_TRUE(model.possible(operation)) << format_sequence(sequence);
      model.apply(operation, sequence.programs);
      kinds.insert(operation.kind);
    }
  }
  EXPECT_EQ(kinds.size(), kOperationKinds);
}

TEST(SequenceRecords, NothingIsCheckedAllTheSame) {
  const Sequence sequence = decode_sequence({});
  ASSERT_FALSE(sequence.operations.empty());
  EXPECT_EQ(sequence.operations.front().kind, OperationKind::kQuery);
  EXPECT_EQ(sequence.operations.back().kind, OperationKind::kRead);
}

TEST(SequenceRecords, ARecordSaysWhatAProgramDoes) {
  const std::vector<uint8_t> bytes = {0, 1, 8 * 2, 3, 1, 0, 0, 0,   // replaces what it did
                                      0, 1, 7,     1, 3, 0, 0, 0};  // and adds to it
  const NumberedProgram program = decode_sequence(bytes).programs[1];
  EXPECT_EQ(describe(program, 1),
            "program 1: assign sockhash 0 flags=0x3; assign null flags=0x1; drop");
}

TEST(SequenceMutator, WritesWholeRecordsWithinItsRoom) {
  FuzzRandom random(2);
  for (int i = 0; i < 3000; ++i) {
    const size_t room = random.below(300);
    const size_t size = room == 0 ? 0 : random.below(room);
    std::vector<uint8_t> bytes = random_bytes(random, room);
    const size_t mutated = mutate_sequence(bytes, size, random.next());
    ASSERT_LE(mutated, room);
    ASSERT_EQ(mutated % kSequenceRecordSize, 0U);
    std::vector<uint8_t> out(room);
    ASSERT_LE(cross_sequences(bytes, random_bytes(random, 100), out, random.next()), room);
  }
}

TEST(SequenceMutator, MakesEveryKindOfRecord) {
  std::set<SequenceRecord> kinds;
  std::vector<uint8_t> bytes(400);
  size_t size = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    size = mutate_sequence(bytes, size, seed);
    for (size_t i = 0; i < size; i += kSequenceRecordSize) kinds.insert(sequence_record(bytes[i]));
  }
  EXPECT_EQ(kinds.size(), kSequenceRecords);
}

}  // namespace
}  // namespace sklab
