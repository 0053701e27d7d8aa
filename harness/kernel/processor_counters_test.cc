// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/processor_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(ProcessorCountersTest, CountWhatThisThreadDoesOrSayWhyNot) {
  const auto counters = ProcessorCounters::open();
  if (!counters) {
    EXPECT_EQ(counters.error().kind, ErrorKind::kUnavailable) << counters.error().message();
    EXPECT_THAT(counters.error().message(), testing::HasSubstr("count cycles and instructions"));
    return;
  }
  constexpr uint64_t kSteps = 1'000'000;
  const auto before = counters->read();
  volatile uint64_t sum = 0;
  for (uint64_t i = 0; i < kSteps; ++i) sum = sum + i;
  const auto after = counters->read();
  ASSERT_TRUE(before && after);
  EXPECT_GT(after->instructions - before->instructions, kSteps);
  EXPECT_GT(after->cycles, before->cycles);
}

}  // namespace
}  // namespace sklab
