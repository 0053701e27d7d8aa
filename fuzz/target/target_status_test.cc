// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/target_status.h"

#include <gtest/gtest.h>

#include <string>

namespace sklab {
namespace {

TEST(SharedStatus, WhoOpensTheSameFileSeesTheSameFigures) {
  const auto mine = SharedStatus::create();
  ASSERT_TRUE(mine) << mine.error().message();
  EXPECT_EQ((*mine)->inputs, 0);
  const auto theirs = SharedStatus::open("/proc/self/fd/" + std::to_string(mine->fd()));
  ASSERT_TRUE(theirs) << theirs.error().message();
  (*theirs)->inputs = 3;
  (*theirs)->known_findings = 4;
  EXPECT_EQ((*mine)->inputs, 3);
  EXPECT_EQ((*mine)->known_findings, 4);
}

TEST(SharedStatus, WhatCannotBeOpenedIsAnError) {
  EXPECT_FALSE(SharedStatus::open("/no/such/folder/status"));
  // A full disk says so now, and not as SIGBUS when a figure is written.
  EXPECT_FALSE(SharedStatus::open("/dev/full"));
}

}  // namespace
}  // namespace sklab
