// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/coverage/line_coverage.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

// A function from 100 to 200 with calls that return to 115, 135 and 165.
CodeOfFiles some_code() {
  CodeOfFiles code;
  code.ranges = {{100, 200}, {300, 320}};
  code.rows = {
      {100, 110, "f", "f.c", 1},  // before the first call
      {110, 120, "f", "f.c", 2},  // begins with it
      {120, 140, "f", "f.c", 3},  // the second is in its middle
      {140, 160, "g", "f.c", 4},  // inlined, after the second
      {160, 200, "f", "f.c", 5},  // begins with the third
      {300, 320, "h", "f.c", 6},  // without any
      {400, 410, "i", "f.c", 7},  // of no function
  };
  return code;
}

std::vector<unsigned> lines_that_ran(const std::set<uint64_t> &ran) {
  std::vector<unsigned> lines;
  const LineCoverage coverage = line_coverage(some_code(), {115, 135, 165}, ran);
  for (const auto &[line, state] : coverage.at("f.c")) {
    if (state.has_run) lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<unsigned>;

TEST(LineCoverage, FollowsTheCalls) {
  EXPECT_EQ(lines_that_ran({}), Lines{});
  EXPECT_EQ(lines_that_ran({115}), (Lines{1, 2, 3}));
  EXPECT_EQ(lines_that_ran({135}), (Lines{3, 4}));
  EXPECT_EQ(lines_that_ran({165}), Lines{5});
  EXPECT_EQ(lines_that_ran({115, 135, 165}), (Lines{1, 2, 3, 4, 5}));
  EXPECT_EQ(lines_that_ran({1000}), Lines{});
}

TEST(LineCoverage, LeavesOutWhatHasNoCalls) {
  const auto lines = line_coverage(some_code(), {115, 135, 165}, {}).at("f.c");
  EXPECT_EQ(lines.size(), 5U);
  EXPECT_FALSE(lines.contains(6));
  EXPECT_FALSE(lines.contains(7));
}

TEST(LineCoverage, TellsAnotherBuildApart) {
  const CodeOfFiles code = some_code();
  const std::vector<uint64_t> calls = {115, 135, 165};
  EXPECT_TRUE(are_blocks_of({115, 165}, code, calls));
  EXPECT_TRUE(are_blocks_of({115, 5000}, code, calls));  // other code ran as well
  EXPECT_FALSE(are_blocks_of({}, code, calls));
  EXPECT_FALSE(are_blocks_of({5000}, code, calls));
  // One that fits by chance.
  EXPECT_FALSE(are_blocks_of({115, 117, 140, 190}, code, calls));
}

TEST(LineCoverage, KnowsInlinedFunctions) {
  const auto lines = line_coverage(some_code(), {115, 135, 165}, {}).at("f.c");
  EXPECT_EQ(lines.at(4).functions, std::set<std::string>{"g"});
}

TEST(LineCoverage, ALineOfSeveralPlacesHasRunIfOneHas) {
  CodeOfFiles code = some_code();
  code.rows.push_back({170, 180, "f", "f.c", 4});
  const auto lines = line_coverage(code, {115, 135, 165}, {165}).at("f.c");
  EXPECT_TRUE(lines.at(4).has_run);
  EXPECT_EQ(lines.at(4).functions, (std::set<std::string>{"f", "g"}));
}

}  // namespace
}  // namespace sklab
