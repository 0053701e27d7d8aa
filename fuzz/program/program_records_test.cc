// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/program_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "fuzz/program/mend_program.h"
#include "fuzz/program/program_mutator.h"
#include "fuzz/program/program_reproducer.h"
#include "fuzz/program/reduce_program.h"
#include "fuzz/target/random.h"
#include "harness/model/load_rules.h"
#include "harness/model/mutants.h"
#include "harness/model/step_text.h"
#include "harness/model/steps.h"
#include "harness/path/step_code.h"

namespace sklab {
namespace {

constexpr StepSource kSlotA = StepSource::kSlot0;
constexpr size_t kRoom = 30 * kProgramRecordSize + 5;

// What is checked of programs stands for what the kernel needs: all instructions are reached, no
// jump leaves the program.
void expect_complete(const StepProgram &program) {
  StepProgram again = program;
  complete_program(again);
  ASSERT_EQ(again, program) << describe(program);
  const StepCode code = compile_steps(program, {1, 2, 3});
  ASSERT_EQ(code.first_instruction.back(), code.code.all().size());
}

TEST(ProgramRecords, AnyBytesAreACompleteProgram) {
  FuzzRandom random(1);
  for (int i = 0; i < 5000; ++i) {
    std::vector<uint8_t> bytes(random.below(900));
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random.next());
    const StepProgram program = decode_program(bytes);
    ASSERT_LE(program.steps.size(), kMostSteps + 1);
    expect_complete(program);
  }
}

TEST(ProgramMutator, StaysWithinItsRoomAndIsTheSameForTheSameSeed) {
  std::vector<uint8_t> bytes(kRoom);
  std::vector<uint8_t> others(kRoom);
  size_t size = 0;
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const size_t before = size;
    size = mutate_program(bytes, before, seed);
    ASSERT_EQ(mutate_program(others, before, seed), size);
    ASSERT_EQ(bytes, others);
    ASSERT_LE(size, kRoom);
    ASSERT_EQ(size % kProgramRecordSize, 0U);
    const size_t crossed = cross_programs(std::span(bytes).first(size), bytes, others, seed);
    ASSERT_LE(crossed, kRoom);
    others = bytes;
  }
}

// From nothing it comes to programs that load, and to those that are refused for every reason.
TEST(ProgramMutator, ReachesWhatProgramsCanBe) {
  std::vector<uint8_t> bytes(kRoom);
  std::set<LoadReason> reasons;
  size_t size = 0;
  for (uint64_t seed = 0; seed < 6000; ++seed) {
    if (seed % 32 == 0) size = 0;
    size = mutate_program(bytes, size, seed);
    const StepProgram program = decode_program(std::span(bytes).first(size));
    reasons.insert(judge_program(program, kernel_load_rules()).reason);
  }
  EXPECT_EQ(reasons.size(), kLoadReasons.size());
}

TEST(MendProgram, LetsAProgramLoadButForItsFixedStep) {
  StepProgram program =
      steps::program({steps::look_up(0, 0), steps::assign(kSlotA), steps::store(kSlotA, 0, 4, {}),
                      steps::copy(2, StepSource::kSlot1)});
  program.steps[1].is_fixed = true;
  mend_program(program, 100);
  expect_complete(program);
  EXPECT_EQ(judge_program(program, kernel_load_rules()), (LoadVerdict{LoadReason::kAssign, 1}))
      << describe(program);
  program.steps[1].is_fixed = false;
  mend_program(program, 100);
  EXPECT_TRUE(judge_program(program, kernel_load_rules()).loads()) << describe(program);
}

// What a wrong rule says otherwise stands for what a kernel does.
TEST(ReduceProgram, LeavesWhatTheDifferenceNeeds) {
  Rules wrong = kernel_rules();
  find_mutant("load: the selected socket may be released")->mutate(wrong);
  const auto differs = [&](const StepProgram &program) {
    return judge_program(program, wrong.load).loads() !=
           judge_program(program, kernel_load_rules()).loads();
  };
  const StepProgram program = steps::program(
      {steps::look_up(1, 0), steps::if_not_null(StepSource::kSlot1, 2),
       steps::assign(StepSource::kSlot1, 3), steps::release(StepSource::kSlot1),
       steps::load(0, StepSource::kContext, 0, 8), steps::if_field(0, IfForm::kFieldEqual, 2, 2),
       steps::if_not_null(kSlotA, 1), steps::release(kSlotA), steps::leave(1, ReturnForm::k64)});
  ASSERT_TRUE(differs(program));
  const StepProgram reduced = reduce_program(program, differs);
  EXPECT_TRUE(differs(reduced));
  EXPECT_EQ(reduced.steps.size(), 4U) << describe(reduced);
}

TEST(ProgramReproducer, SaysWhatTheRulesSay) {
  ProgramFinding finding;
  finding.program = steps::program({steps::load(0, StepSource::kContext, 60, 4)});
  finding.expected = run_program(finding.program, kernel_rules(), {});
  const std::string text = write_reproducer(finding, "a signature");
  EXPECT_THAT(text, ::testing::HasSubstr("\t.loads = 1,\n\t.is_known = 1,\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("{0, 1, 0x1b59ULL},"));
  EXPECT_THAT(text, ::testing::HasSubstr("r7 = *(u32 *)(r6 +60)"));
}

}  // namespace
}  // namespace sklab
