// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/instruction_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(InstructionClock, IsUnavailableWhereClocksCountTime) {
  const auto clock = InstructionClock::open();
  if (clock) GTEST_SKIP() << "this is a machine whose clock counts instructions";
  EXPECT_EQ(clock.error().kind, ErrorKind::kUnavailable);
  const std::string message = clock.error().message();
  EXPECT_THAT(message, HasSubstr("count instructions"));
  EXPECT_THAT(message, HasSubstr("--target guest:"));
  EXPECT_THAT(message, Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace sklab
