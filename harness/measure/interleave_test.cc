// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/interleave.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kRounds = 200;

const std::vector<std::vector<unsigned>> kPhases = {
    {}, {0}, {5}, {0, 0}, {1, 0}, {0, 1, 0}, {0, 0, 0, 0, 0}, {2, 0, 1, 2, 0, 1, 2}, {0, 1, 2, 3}};

size_t phase_changes(const std::vector<size_t> &order, const std::vector<unsigned> &phases) {
  size_t changes = 0;
  for (size_t i = 1; i < order.size(); ++i) {
    changes += static_cast<size_t>(phases[order[i]] != phases[order[i - 1]]);
  }
  return changes;
}

size_t distinct(std::vector<unsigned> phases) {
  std::sort(phases.begin(), phases.end());
  return static_cast<size_t>(std::unique(phases.begin(), phases.end()) - phases.begin());
}

// Pearson's statistic for `counts` that should be equal.
double chi_square(const std::map<std::vector<size_t>, int> &counts, size_t outcomes, int draws) {
  const double expected = static_cast<double>(draws) / static_cast<double>(outcomes);
  double sum = expected * static_cast<double>(outcomes - counts.size());  // those never drawn
  for (const auto &[outcome, count] : counts) {
    sum += (count - expected) * (count - expected) / expected;
  }
  return sum;
}

TEST(RoundOrder, HasEveryLaneOnce) {
  for (const auto &phases : kPhases) {
    RoundOrder order(1, phases);
    std::vector<size_t> lanes(phases.size());
    std::iota(lanes.begin(), lanes.end(), size_t{0});
    for (int i = 0; i < kRounds; ++i) {
      ASSERT_THAT(order.next(), testing::UnorderedElementsAreArray(lanes));
    }
  }
}

TEST(RoundOrder, KeepsPhasesTogether) {
  for (const auto &phases : kPhases) {
    if (phases.empty()) continue;
    RoundOrder order(2, phases);
    for (int i = 0; i < kRounds; ++i) {
      ASSERT_EQ(phase_changes(order.next(), phases), distinct(phases) - 1);
    }
  }
}

TEST(RoundOrder, EveryAllowedOrderIsEquallyLikely) {
  struct Case {
    std::vector<unsigned> phases;
    size_t outcomes;
    double limit;  // chi-square, p = 0.001, outcomes - 1 degrees of freedom
  };
  const Case cases[] = {
      {{0, 0}, 2, 10.83},           // 2!
      {{0, 0, 0}, 6, 20.52},        // 3!
      {{0, 0, 0, 0}, 24, 49.73},    // 4!
      {{0, 1, 2, 3}, 24, 49.73},    // phases of one lane each
      {{0, 1, 0, 1, 1}, 24, 49.73}  // 2! phase orders * 2! * 3!
  };
  constexpr int kDraws = 24'000;
  for (const Case &c : cases) {
    RoundOrder order(3, c.phases);
    std::map<std::vector<size_t>, int> counts;
    for (int i = 0; i < kDraws; ++i) ++counts[order.next()];
    EXPECT_EQ(counts.size(), c.outcomes);
    EXPECT_LT(chi_square(counts, c.outcomes, kDraws), c.limit);
  }
}

TEST(RoundOrder, SuccessiveOrdersAreIndependent) {
  RoundOrder order(4, {0, 0, 0});
  std::map<std::vector<size_t>, int> pairs;
  constexpr int kDraws = 36'000;
  for (int i = 0; i < kDraws; ++i) {
    std::vector<size_t> pair = order.next();
    const std::vector<size_t> &second = order.next();
    pair.insert(pair.end(), second.begin(), second.end());
    ++pairs[pair];
  }
  EXPECT_LT(chi_square(pairs, 36, kDraws), 66.62);  // p = 0.001, 35 degrees of freedom
}

TEST(RoundOrder, DependsOnTheSeedAlone) {
  const std::vector<unsigned> phases = {0, 1, 0, 1, 0, 1, 0, 1, 2, 2};
  RoundOrder a(5, phases);
  RoundOrder b(5, phases);
  RoundOrder other(6, phases);
  int equal_to_other = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::vector<size_t> order = a.next();
    ASSERT_EQ(order, b.next());
    equal_to_other += static_cast<int>(order == other.next());
  }
  EXPECT_LT(equal_to_other, kRounds / 10);
}

TEST(RoundOrder, PhaseNumbersDoNotMatterButTheirOrder) {
  RoundOrder a(7, {0, 1, 0, 2});
  RoundOrder b(7, {10, 2000, 10, 4'000'000'000});
  for (int i = 0; i < kRounds; ++i) ASSERT_EQ(a.next(), b.next());
}

// The same numbers for every compiler and library, or recorded seeds would lose their meaning.
TEST(RoundOrder, IsWhatItAlwaysWas) {
  RoundOrder order(42, {0, 1, 0, 1, 0, 1});
  EXPECT_THAT(order.next(), ElementsAre(3, 1, 5, 4, 2, 0));
  EXPECT_THAT(order.next(), ElementsAre(0, 4, 2, 3, 5, 1));
  EXPECT_THAT(order.next(), ElementsAre(4, 2, 0, 3, 1, 5));
}

TEST(RoundOrder, OfNoLanesIsEmpty) {
  RoundOrder order(8, {});
  EXPECT_THAT(order.next(), IsEmpty());
}

}  // namespace
}  // namespace sklab
