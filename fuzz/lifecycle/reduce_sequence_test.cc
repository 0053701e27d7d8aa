// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/reduce_sequence.h"

#include <gtest/gtest.h>

#include "fuzz/lifecycle/lifecycle_model.h"
#include "fuzz/lifecycle/sequence_records.h"
#include "fuzz/lifecycle/sequence_text.h"
#include "fuzz/target/random.h"
#include "harness/model/mutants.h"

namespace sklab {
namespace {

// Whether a wrong rule says something else of the last operation, and of none before it.
bool differs(const Sequence &sequence, const Rules &wrong) {
  LifecycleModel right(kernel_rules());
  LifecycleModel other(wrong);
  for (const Operation &operation : sequence.operations) {
    const bool last = &operation == &sequence.operations.back();
    if (!right.possible(operation) || !other.possible(operation)) {
      if (last) return false;
      continue;
    }
    const ExpectedResult expected = right.apply(operation, sequence.programs);
    const ExpectedResult seen = other.apply(operation, sequence.programs);
    const bool same = expected.result == seen.result && expected.sockets == seen.sockets;
    if (!same) return last;
  }
  return false;
}

// The beginning of a random sequence that ends where the rules differ.
Sequence differing_sequence(const Rules &wrong) {
  FuzzRandom random(1);
  for (;;) {
    std::vector<uint8_t> bytes(800);
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random.next());
    Sequence sequence = decode_sequence(bytes);
    while (!sequence.operations.empty()) {
      if (differs(sequence, wrong)) return sequence;
      sequence.operations.pop_back();
    }
  }
}

TEST(ReduceSequence, LeavesWhatTheDifferenceNeeds) {
  Rules wrong = kernel_rules();
  find_mutant("lifecycle: a closed socket stays in the map")->mutate(wrong);
  const Sequence sequence = differing_sequence(wrong);
  const auto fails = [&](const Sequence &smaller) { return differs(smaller, wrong); };
  const Sequence reduced = reduce_sequence(sequence, fails);
  EXPECT_TRUE(fails(reduced));
  EXPECT_LT(reduced.operations.size(), sequence.operations.size());
  EXPECT_LE(reduced.operations.size(), 9U) << format_sequence(reduced);
  for (size_t i = 0; i + 1 < reduced.operations.size(); ++i) {
    Sequence without = reduced;
    without.operations.erase(without.operations.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_FALSE(fails(without)) << describe(reduced.operations[i]) << "\n"
                                 << format_sequence(reduced);
  }
}

}  // namespace
}  // namespace sklab
