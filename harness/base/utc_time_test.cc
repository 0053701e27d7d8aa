// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/utc_time.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(UtcTime, IsIso8601) {
  EXPECT_EQ(utc_time(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_time(1'795'612'799), "2026-11-25T13:19:59Z");
}

}  // namespace
}  // namespace sklab
