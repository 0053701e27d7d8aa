// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile_plugin/counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Counters, AnAddressHasOne) {
  Counters counters;
  uint64_t *first = counters.at(0x30);
  uint64_t *second = counters.at(0x10);
  EXPECT_NE(first, second);
  EXPECT_EQ(counters.at(0x30), first);
  EXPECT_THAT(counters.counted(), IsEmpty());
  *first += 2;
  *second += 1;
  EXPECT_THAT(counters.counted(),
              ElementsAre(InstructionCount{0x10, 1}, InstructionCount{0x30, 2}));
}

TEST(Counters, NeverMove) {
  constexpr uint64_t kMany = 100'000;
  Counters counters;
  std::vector<uint64_t *> known;
  for (uint64_t address = 0; address < kMany; ++address) known.push_back(counters.at(address));
  for (uint64_t address = 0; address < kMany; ++address) {
    ASSERT_EQ(counters.at(address), known[address]);
    *known[address] = address;
  }
  const auto counted = counters.counted();
  ASSERT_EQ(counted.size(), kMany - 1);
  EXPECT_EQ(counted.back(), (InstructionCount{kMany - 1, kMany - 1}));
  counters.clear();
  EXPECT_THAT(counters.counted(), IsEmpty());
  *known[7] += 1;
  EXPECT_THAT(counters.counted(), ElementsAre(InstructionCount{7, 1}));
}

}  // namespace
}  // namespace sklab
