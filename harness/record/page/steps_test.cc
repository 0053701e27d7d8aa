// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/steps.h"

#include <gtest/gtest.h>

#include <random>

namespace sklab {
namespace {

// Levels of so many figures each, with a noise of half a percent.
std::vector<double> levels(const std::vector<std::pair<size_t, double>> &wanted, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(1, 0.005);
  std::vector<double> figures;
  for (const auto &[count, level] : wanted) {
    for (size_t i = 0; i < count; ++i) figures.push_back(level * noise(random));
  }
  return figures;
}

std::vector<size_t> places(const std::vector<double> &figures) {
  std::vector<size_t> found;
  for (const HistoryStep &step : find_steps(figures)) found.push_back(step.at);
  return found;
}

TEST(FindSteps, NoneInFewFiguresOrLevelOnes) {
  EXPECT_TRUE(find_steps({}).empty());
  EXPECT_TRUE(find_steps({1, 1, 1, 1, 2, 2, 2, 2}).empty());
  EXPECT_TRUE(find_steps(std::vector<double>(50, 7.0)).empty());
}

TEST(FindSteps, OneIsFoundWhereItIs) {
  for (size_t before = kFewestRunsBesideStep; before <= 15; ++before) {
    const auto steps = find_steps(levels({{before, 100}, {20 - before, 110}}, before));
    ASSERT_EQ(steps.size(), 1U) << before;
    EXPECT_EQ(steps[0].at, before);
    EXPECT_NEAR(steps[0].before, 100, 1);
    EXPECT_NEAR(steps[0].after, 110, 1);
  }
}

TEST(FindSteps, EveryOneOfSeveralInOrder) {
  EXPECT_EQ(places(levels({{8, 100}, {6, 104}, {12, 90}, {9, 100}}, 1)),
            (std::vector<size_t>{8, 14, 26}));
}

TEST(FindSteps, ASingleFigureIsNone) {
  auto figures = levels({{30, 100}}, 3);
  figures[14] = 180;
  EXPECT_TRUE(find_steps(figures).empty());
  figures[0] = figures[29] = 60;
  EXPECT_TRUE(find_steps(figures).empty());
}

TEST(FindSteps, OneIsFoundBesideAFigureThatIsOff) {
  auto figures = levels({{12, 100}, {12, 110}}, 4);
  figures[9] = 140;
  EXPECT_EQ(places(figures), std::vector<size_t>{12});
}

TEST(FindSteps, LessThanAPercentIsNone) {
  std::vector<double> figures(10, 100.0);
  figures.resize(20, 100.9);
  EXPECT_TRUE(find_steps(figures).empty());
  figures.resize(10);
  figures.resize(20, 101.2);
  EXPECT_EQ(places(figures), std::vector<size_t>{10});
}

TEST(FindSteps, NoiseAloneHardlyEverLooksLikeOne) {
  size_t wrong = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> noise(100, 3);
    std::vector<double> figures(30);
    for (double &figure : figures) figure = noise(random);
    wrong += find_steps(figures).empty() ? 0 : 1;
  }
  EXPECT_LE(wrong, 25U);  // of 500 rows with 30 runs
}

}  // namespace
}  // namespace sklab
