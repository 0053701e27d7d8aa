// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/dialect_differences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// The programs of each difference and both outcomes, a line each.
std::vector<std::string> lines_of(const DialectPair &pair) {
  std::vector<std::string> lines;
  for (const DialectDifference &difference : pair.differences) {
    const std::string text = format_scenario(difference.first);
    const size_t start = text.find("program ");
    lines.push_back(text.substr(start, text.find("packet ") - start) + difference.first_outcome +
                    " | " + difference.second_outcome);
  }
  return lines;
}

TEST(DialectDifferences, AreTheseAndConfirmed) {
  const std::vector<DialectPair> pairs = find_dialect_differences();
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_THAT(lines_of(pairs[0]),
              testing::ElementsAre("program assign a; pass\nserver (hashtable) | a",
                                   "program assign a; drop\nrefused | a",
                                   "program drop\nprogram redirect\nserver (hashtable) | refused",
                                   "program redirect\nprogram drop\nserver (hashtable) | refused"));
  EXPECT_THAT(
      lines_of(pairs[1]),
      testing::ElementsAre(
          "program assign a; drop\na | refused",
          "program assign a; pass\nprogram assign null replace; pass\nserver (hashtable) | a",
          "program assign a; pass\nprogram assign null replace; drop\nrefused | a"));
  // In the last two the NULL clears what an earlier program selected, and in pass_drop only its
  // own.
  EXPECT_THAT(
      lines_of(pairs[2]),
      testing::ElementsAre(
          "program assign a; pass\nserver (hashtable) | a",
          "program drop\nprogram redirect\nserver (hashtable) | refused",
          "program redirect\nprogram drop\nserver (hashtable) | refused",
          "program assign a; redirect\nprogram assign null replace; pass\nserver (hashtable) | a",
          "program assign a; redirect\nprogram assign null replace; redirect\n"
          "server (hashtable) | a"));
  const auto confirmed = confirm_differences(pairs);
  EXPECT_TRUE(confirmed) << confirmed.error().message();
}

}  // namespace
}  // namespace sklab
