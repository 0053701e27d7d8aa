// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/cache_eviction.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace sklab {
namespace {

TEST(CacheEviction, RoundsUpToWholeLines) {
  for (const size_t bytes : {0U, 1U, 63U, 64U, 65U, 4096U, 100'000U}) {
    const CacheEviction eviction(bytes);
    EXPECT_GE(eviction.bytes(), bytes);
    EXPECT_LT(eviction.bytes(), bytes + CacheEviction::kLineBytes);
    EXPECT_EQ(eviction.bytes(), eviction.lines().size() * sizeof(CacheEviction::Line));
  }
}

TEST(CacheEviction, LinesAreThoseOfTheCache) {
  const CacheEviction eviction(4096);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(eviction.lines().data()) % CacheEviction::kLineBytes, 0U);
}

TEST(CacheEviction, WritesToEveryLineEachTime) {
  CacheEviction eviction(100'000);
  for (uint64_t times = 0; times < 4; ++times) {
    for (size_t i = 0; i < eviction.lines().size(); ++i) {
      ASSERT_EQ(eviction.lines()[i].evictions, times) << "line " << i;
    }
    eviction.evict();
  }
}

TEST(CacheEviction, OfNothingDoesNothing) {
  CacheEviction eviction(0);
  eviction.evict();
  EXPECT_EQ(eviction.bytes(), 0U);
}

}  // namespace
}  // namespace sklab
