// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_clock.h"

#include <gtest/gtest.h>

#include <vector>

#include "bpf/abi.h"

namespace sklab {
namespace {

FloodBatch batch_of(uint64_t packets) { return {{}, FloodFate::kSocket, packets}; }

TEST(FloodClockTest, ReadingsAreWholeBurstsApartAndFit) {
  for (uint64_t bursts = 1; bursts < 20000; ++bursts) {
    const uint64_t packets = bursts * kFloodBurst;
    const uint64_t interval = stamp_interval(batch_of(packets));
    ASSERT_EQ(interval % kFloodBurst, 0U) << bursts;
    ASSERT_GE(packets / interval, 1U) << bursts;
    ASSERT_LE(packets / interval + 1, uint64_t{SKLAB_STAMPS}) << bursts;
  }
}

TEST(FloodClockTest, AnInterruptionIsNotInTheFigure) {
  const FloodBatch batch = batch_of(5 * 256);
  EXPECT_EQ(elapsed_from(batch, std::vector<uint64_t>{100, 200, 300, 400, 500, 600}), 500U);
  EXPECT_EQ(elapsed_from(batch, std::vector<uint64_t>{100, 200, 300, 9400, 9500, 9600}), 500U);
}

TEST(FloodClockTest, WhatIsAfterTheLastReadingIsAsLong) {
  const FloodBatch batch = batch_of(256 + 128);
  EXPECT_EQ(elapsed_from(batch, std::vector<uint64_t>{100, 200}), 150U);
}

}  // namespace
}  // namespace sklab
