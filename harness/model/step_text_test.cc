// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/step_text.h"

#include <gtest/gtest.h>

#include "harness/model/load_refusals.h"
#include "harness/model/steps.h"

namespace sklab {
namespace {

constexpr StepSource kSlotA = StepSource::kSlot0;

struct TextCase {
  Step step;
  const char *text;
};

TEST(StepText, SaysWhatEachFormDoes) {
  // Not constants: what is computed while compiling is not seen to run.
  volatile uint8_t field = 0;
  const std::vector<TextCase> cases = {
      {steps::set(0, SetForm::kSigned32, static_cast<uint64_t>(-8)), "-8"},
      {steps::set(0, SetForm::kUnsigned32, 0xfffffff8), "0xfffffff8"},
      {steps::set(0, SetForm::k64, 7), "7, of 64 bits"},
      {steps::set(0, SetForm::kGiven), "the given number"},
      {steps::set(0, SetForm::kContext), "context"},
      {steps::if_null(kSlotA, 1), "slot 0 is NULL"},
      {steps::if_not_null(kSlotA, 1), "slot 0 is not NULL"},
      {steps::if_field(field, IfForm::kFieldEqual, 2, 1), " == 2"},
      {steps::if_field(field, IfForm::kFieldNotEqual, 2, 1), " != 2"},
      {steps::leave(1), "1"},
      {steps::leave(12, ReturnForm::kUnsigned32), "0xc, unsigned"},
      {steps::leave(1, ReturnForm::k64), "1, of 64 bits"},
      {steps::leave_with(slot_source(field), ReturnForm::kAsItIs), "slot 0"},
      {steps::leave_with(kSlotA, ReturnForm::kLowestBit), "slot 0 & 1"},
      {steps::leave_with(kSlotA, ReturnForm::kLowestBitAndOne), "(slot 0 & 1) + 1"},
      {steps::leave_with(kSlotA, ReturnForm::kAtMostOne), "slot 0, at most 1"},
      {steps::leave_with(kSlotA, ReturnForm::kWhetherEqual, 7001), "whether slot 0 is 0x1b59"},
      {steps::load(1, StepSource::kContext, 8, 4), "slot 1 = 4 bytes at context + 8"},
      {steps::store(StepSource::kContext, 8, 4, StoreForm::kConstant), "write 4 bytes at context"},
      {steps::copy(1, kSlotA), "slot 1 = slot 0"},
      {steps::show(kSlotA), "show slot 0"},
      {steps::call_helper(0), "call "},
  };
  for (const auto &[step, text] : cases) {
    EXPECT_NE(describe(step).find(text), std::string::npos) << describe(step) << " | " << text;
  }
}

TEST(LoadRefusals, AreAllThatIsWrongOnAnyPath) {
  StepProgram wrong = steps::program({steps::show(kSlotA), steps::if_null(kSlotA, 1),
                                      steps::release(kSlotA), steps::look_up(0, 0)});
  const Refusals all = find_refusals(wrong);
  EXPECT_EQ(all.steps & 7U, 7U);
  ASSERT_TRUE(all.keeps_reference);
  EXPECT_EQ(*all.keeps_reference, 4U);
  wrong.steps[0].is_fixed = true;
  EXPECT_EQ(find_refusals(wrong).steps & 7U, 6U);
  EXPECT_FALSE(find_refusals(steps::program({})).keeps_reference);
}

// Not without a branch, and not a number that is refused later.
TEST(LoadRefusals, KnowWhenANumberIsTakenForASocket) {
  const auto refused = [](const StepProgram &program) {
    return refuses_number_as_socket(program, kernel_load_rules());
  };
  EXPECT_TRUE(refused(steps::assign_of_compared_number()));
  EXPECT_TRUE(refused(steps::program({steps::set(0, SetForm::k64, 1), steps::if_null(kSlotA, 1),
                                      steps::set(0, SetForm::k64, 0), steps::assign(kSlotA)})));
  EXPECT_FALSE(refused(steps::program({steps::set(0, SetForm::k64, 7), steps::assign(kSlotA)})));
  EXPECT_FALSE(refused(steps::program({steps::set(0, SetForm::k64, 0), steps::assign(kSlotA)})));
  EXPECT_FALSE(refused(steps::program({steps::show(kSlotA), steps::assign(kSlotA)})));
  EXPECT_FALSE(refused(steps::program({steps::assign(StepSource::kMap)})));
}

}  // namespace
}  // namespace sklab
