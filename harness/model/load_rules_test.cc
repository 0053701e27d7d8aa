// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/load_rules.h"

#include <gtest/gtest.h>

#include "harness/model/mutants.h"
#include "harness/model/socket_fields.h"
#include "harness/model/step_text.h"
#include "harness/model/steps.h"

namespace sklab {
namespace {

constexpr StepSource kSlotOne = StepSource::kSlot0;
constexpr StepSource kSlotTwo = StepSource::kSlot1;

LoadVerdict judge(const StepProgram &program) {
  return judge_program(program, kernel_load_rules());
}

TEST(LoadRules, SocketsAreAssignedWhenTheyAreCheckedAndReleased) {
  EXPECT_TRUE(judge(steps::program({steps::look_up(0, 0), steps::if_not_null(kSlotOne, 2),
                                    steps::assign(kSlotOne), steps::release(kSlotOne)}))
                  .loads());
  EXPECT_EQ(judge(steps::program({steps::look_up(0, 0), steps::assign(kSlotOne)})),
            (LoadVerdict{LoadReason::kAssign, 1}));
  EXPECT_EQ(judge(steps::program({steps::look_up(0, 0)})),
            (LoadVerdict{LoadReason::kReference, 1}));
  EXPECT_EQ(
      judge(steps::program({steps::load(0, StepSource::kContext, 0, 8), steps::release(kSlotOne)})),
      (LoadVerdict{LoadReason::kRelease, 1}));
}

TEST(LoadRules, APathThatNothingLeadsToIsNotLookedAt) {
  const Step wrong = steps::leave(2);
  EXPECT_TRUE(judge(steps::program(
                        {steps::set(0, SetForm::kSigned32, 1), steps::if_null(kSlotOne, 1), wrong}))
                  .loads());
  EXPECT_EQ(
      judge(steps::program({steps::set(0, SetForm::kGiven), steps::if_null(kSlotOne, 1), wrong})),
      (LoadVerdict{LoadReason::kReturn, 2}));
}

TEST(LoadRules, WhatIsFoundOutAboutACopyIsKnownOfBoth) {
  EXPECT_TRUE(judge(steps::program({steps::look_up(0, 0), steps::copy(1, kSlotOne),
                                    steps::if_not_null(kSlotTwo, 2), steps::assign(kSlotOne),
                                    steps::release(kSlotOne)}))
                  .loads());
  EXPECT_EQ(judge(steps::program({steps::look_up(0, 0), steps::copy(1, kSlotOne),
                                  steps::if_not_null(kSlotOne, 2), steps::release(kSlotTwo),
                                  steps::assign(kSlotOne)})),
            (LoadVerdict{LoadReason::kAssign, 4}));
}

// The verifier goes straight on before it comes back for a branch.
TEST(LoadRules, TheFirstRefusalIsThatOfThePathStraightOn) {
  EXPECT_EQ(judge(steps::program({steps::if_field(0, IfForm::kFieldEqual, 2, 1),
                                  steps::show(kSlotOne), steps::show(kSlotTwo)})),
            (LoadVerdict{LoadReason::kUnwritten, 1}));
}

// The kernel has one instruction for both (reg_type_mismatch).
TEST(LoadRules, AnInstructionLoadsFromOneKindOnAllPaths) {
  const Step load = steps::load(1, kSlotOne, 28, 4);
  EXPECT_EQ(judge(steps::program({steps::set(0, SetForm::kContext), steps::if_not_null(kSlotOne, 1),
                                  steps::load(0, StepSource::kContext, 0, 8),
                                  steps::if_not_null(kSlotOne, 1), load})),
            (LoadVerdict{LoadReason::kAccess, 4}));
  EXPECT_TRUE(judge(steps::program(
                        {steps::set(0, SetForm::kContext), steps::if_not_null(kSlotOne, 0), load}))
                  .loads());
}

TEST(LoadRules, EveryLoadOfASocketLiesInOneField) {
  for (int offset = -8; offset < 88; ++offset) {
    for (const uint32_t size : kAccessSizes) {
      EXPECT_FALSE(socket_access_allowed(offset, size, AccessKind::kWrite));
      if (!socket_access_allowed(offset, size, AccessKind::kRead)) continue;
      const SocketField &field = socket_field_at(static_cast<uint32_t>(offset));
      EXPECT_EQ(static_cast<uint32_t>(offset) % size, 0U);
      EXPECT_TRUE(offset + size <= field.offset + field.size || field.wide_load) << offset;
    }
  }
  EXPECT_TRUE(socket_access_allowed(48, 4, AccessKind::kRead));   // dst_port, as it was once
  EXPECT_FALSE(socket_access_allowed(50, 2, AccessKind::kRead));  // its padding
  EXPECT_FALSE(socket_access_allowed(6, 2, AccessKind::kRead));   // half of family
  EXPECT_FALSE(socket_access_allowed(16, 2, AccessKind::kRead));  // of mark
}

TEST(StepProgram, IsCompleteAndStaysSo) {
  StepProgram program =
      steps::program({steps::if_null(kSlotOne, 200), steps::leave(0), steps::show(kSlotOne)});
  EXPECT_EQ(program.steps.size(), 3U);
  EXPECT_EQ(program.steps[0].length, 1);
  const StepProgram again = program;
  complete_program(program);
  EXPECT_EQ(program, again);
  // Nothing leads to what stands behind a return.
  EXPECT_EQ(steps::program({steps::leave(0), steps::show(kSlotOne), steps::leave(1)}).steps.size(),
            1U);
  EXPECT_EQ(steps::program({}).steps.size(), 1U);
}

TEST(StepProgram, HasSocketsAndAKeyWithoutOne) {
  EXPECT_EQ(step_sockets().size(), 9U);
  EXPECT_EQ(step_keys(), 10U);
}

TEST(StepRun, FollowsTheRulesOfAssign) {
  const StepProgram program = steps::program(
      {steps::look_up(0, 0), steps::if_null(kSlotOne, 1), steps::leave(0), steps::assign(kSlotOne),
       steps::assign(kSlotOne), steps::load(1, kSlotOne, 16, 4), steps::release(kSlotOne)});
  const auto run = run_program(program, kernel_rules(), {});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->shown[3], (StepRun::Shown{true, true, 0}));
  EXPECT_EQ(run->shown[4].value, static_cast<uint64_t>(-17));  // EEXIST
  EXPECT_EQ(run->shown[5].value, 1U);                          // the mark of the first socket
  EXPECT_EQ(run->selected, 0U);
  EXPECT_EQ(describe(*run),
            "step 3: 0x0\nstep 4: 0xffffffffffffffef\nstep 5: 0x1\n"
            "returned 1\nselected udp4\n");
}

TEST(StepRun, IsNotToldWhereAnAddressDecides) {
  const auto with = [](const Step &last) {
    return steps::program({steps::set(0, SetForm::kContext), last});
  };
  EXPECT_TRUE(run_program(with(steps::if_null(kSlotOne, 0)), kernel_rules(), {}));
  EXPECT_FALSE(
      run_program(with(steps::leave_with(kSlotOne, ReturnForm::kLowestBit)), kernel_rules(), {}));
  EXPECT_TRUE(run_program(with(steps::leave_with(kSlotOne, ReturnForm::kWhetherEqual, 5)),
                          kernel_rules(), {}));
}

TEST(StepText, SaysWhatAProgramDoes) {
  const StepProgram program =
      steps::program({steps::look_up(0, 1, MapForm::kSockhash), steps::if_not_null(kSlotOne, 2),
                      steps::assign_with(kSlotOne, StepSource::kStack), steps::release(kSlotOne),
                      steps::mask(1, 7)});
  EXPECT_EQ(describe(program),
            "packet udp 127.0.0.9:4000 -> 127.0.0.1:7001\n"
            "given number 0x0\n"
            "  0: slot 0 = lookup in SOCKHASH: tcp4\n"
            "  1: if slot 0 is not NULL, 2 steps\n"
            "  2:   assign(context, slot 0, stack)\n"
            "  3:   release(slot 0)\n"
            "  4: slot 1 &= 0x7\n"
            "  5: return 1\n");
  EXPECT_EQ(describe(judge(program)), "refused at step 4: reads what was never written");
}

}  // namespace
}  // namespace sklab
