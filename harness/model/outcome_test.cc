// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/outcome.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

Outcome expected(std::vector<size_t> sockets) {
  return {DecidedBy::kHook, std::move(sockets), {{0, -17}, {}}, {1, 1}};
}

TEST(Allows, AnyOfTheSockets) {
  EXPECT_TRUE(allows(expected({1, 2}), {1, {{0, -17}, {}}, {1, 1}}));
  EXPECT_TRUE(allows(expected({1, 2}), {2, {{0, -17}, {}}, {1, 1}}));
  EXPECT_FALSE(allows(expected({1, 2}), {0, {{0, -17}, {}}, {1, 1}}));
  EXPECT_FALSE(allows(expected({1, 2}), {std::nullopt, {{0, -17}, {}}, {1, 1}}));
  EXPECT_TRUE(allows(expected({}), {std::nullopt, {{0, -17}, {}}, {1, 1}}));
  EXPECT_FALSE(allows(expected({}), {0, {{0, -17}, {}}, {1, 1}}));
}

TEST(Allows, NothingElseThanTheExactResultsAndRuns) {
  EXPECT_FALSE(allows(expected({1}), {1, {{0, 0}, {}}, {1, 1}}));
  EXPECT_FALSE(allows(expected({1}), {1, {{0}, {}}, {1, 1}}));
  EXPECT_FALSE(allows(expected({1}), {1, {{0, -17}, {}}, {1, 2}}));
  EXPECT_FALSE(allows(expected({1}), {1, {{0, -17}, {}}, {1}}));
}

TEST(Describe, OneLineWithNames) {
  Scenario scenario;
  scenario.sockets.resize(2);
  scenario.sockets[0].name = "a";
  scenario.sockets[1].name = "b";
  EXPECT_EQ(describe(expected({0, 1}), scenario), "socket=a|b by=hook runs=1,1 assigns=[0,-17][]");
  EXPECT_EQ(describe(Observation{7, {}, {}}, scenario), "socket=#7 runs= assigns=");
}

}  // namespace
}  // namespace sklab
