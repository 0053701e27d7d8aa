// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/line_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Lines = std::vector<LineCount>;

TEST(ChangedLines, ALineThatWasAddedShiftsTheOthers) {
  const Lines base = {{"udp.c", 10, 3}, {"udp.c", 11, 5}, {"udp.c", 12, 2}};
  const Lines patched = {{"udp.c", 10, 3}, {"udp.c", 11, 1}, {"udp.c", 12, 5}, {"udp.c", 13, 2}};
  EXPECT_THAT(changed_lines({base, base}), IsEmpty());
  const auto changed = changed_lines({base, patched});
  ASSERT_THAT(changed, SizeIs(1));
  EXPECT_EQ(changed[0].line, 11U);
  EXPECT_THAT(changed[0].instructions_per_lookup, ElementsAre(0, 1));
}

TEST(ChangedLines, OfSeveralKernelsEachIsComparedWithTheBase) {
  const Lines base = {{"udp.c", 10, 3}, {"udp.c", 11, 5}};
  const auto changed = changed_lines({base, {{"udp.c", 10, 3}}, base, {{"udp.c", 11, 5}}});
  ASSERT_THAT(changed, SizeIs(2));
  EXPECT_THAT(changed[0].instructions_per_lookup, ElementsAre(3, 3, 3, 0));
  EXPECT_THAT(changed[1].instructions_per_lookup, ElementsAre(5, 0, 5, 5));
}

// Whatever the lines are, what is said of them sums up to the change of the function.
TEST(ChangedLines, SumUpToTheChange) {
  std::mt19937 random(1);
  const auto lines = [&] {
    Lines some(random() % 12);
    for (size_t i = 0; i < some.size(); ++i) {
      some[i] = {random() % 4 == 0 ? "a.h" : "b.c", static_cast<unsigned>(i),
                 static_cast<double>(random() % 3 + 1)};
    }
    return some;
  };
  const auto sum = [](const Lines &all) {
    return std::accumulate(all.begin(), all.end(), 0.0, [](double total, const LineCount &line) {
      return total + line.instructions;
    });
  };
  for (int i = 0; i < 500; ++i) {
    const Lines base = lines();
    const Lines other = lines();
    double change = 0;
    for (const ChangedLine &line : changed_lines({base, other})) {
      change += line.instructions_per_lookup[1] - line.instructions_per_lookup[0];
    }
    EXPECT_EQ(change, sum(other) - sum(base));
  }
}

}  // namespace
}  // namespace sklab
