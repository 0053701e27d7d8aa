// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_mutator.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "fuzz/semantics/scenario_records.h"
#include "fuzz/target/random.h"

namespace sklab {
namespace {

constexpr size_t kRoom = 40 * kRecordSize + 5;

TEST(ScenarioMutator, StaysWithinItsRoomAndGivesWholeRecords) {
  FuzzRandom random(1);
  std::vector<uint8_t> bytes(kRoom);
  size_t size = 0;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    size = mutate_scenario(bytes, random.one_in(50) ? random.below(kRoom + 1) : size, seed);
    ASSERT_LE(size, kRoom);
    ASSERT_EQ(size % kRecordSize, 0U);
  }
}

TEST(ScenarioMutator, TheSameSeedMutatesAlike) {
  std::vector<uint8_t> first(kRoom, 7);
  std::vector<uint8_t> second(kRoom, 7);
  for (uint64_t seed = 0; seed < 100; ++seed) {
    ASSERT_EQ(mutate_scenario(first, 10 * kRecordSize, seed),
              mutate_scenario(second, 10 * kRecordSize, seed));
    ASSERT_EQ(first, second);
  }
}

// From nothing it comes to populations, several programs, and every dialect.
TEST(ScenarioMutator, ReachesWhatScenariosCanBe) {
  std::vector<uint8_t> bytes(kRoom);
  size_t size = 0;
  size_t most_sockets = 0;
  size_t most_programs = 0;
  std::set<Dialect> dialects;
  for (uint64_t seed = 0; seed < 5000; ++seed) {
    size = mutate_scenario(bytes, size, seed);
    const Scenario scenario = decode_scenario(std::span(bytes).first(size));
    most_sockets = std::max(most_sockets, scenario.sockets.size());
    most_programs = std::max(most_programs, scenario.programs.size());
    dialects.insert(scenario.dialect);
  }
  EXPECT_GE(most_sockets, 5U);
  EXPECT_GE(most_programs, 6U);
  EXPECT_EQ(dialects.size(), kDialects.size());
}

TEST(ScenarioMutator, CrossingUsesRecordsOfBoth) {
  const std::vector<uint8_t> first(10 * kRecordSize, static_cast<uint8_t>(RecordKind::kSocket));
  const std::vector<uint8_t> second(10 * kRecordSize, static_cast<uint8_t>(RecordKind::kReturn));
  bool both = false;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<uint8_t> out(15 * kRecordSize);
    const size_t size = cross_scenarios(first, second, out, seed);
    ASSERT_LE(size, out.size());
    ASSERT_EQ(size % kRecordSize, 0U);
    const Scenario scenario = decode_scenario(std::span(out).first(size));
    both |= !scenario.sockets.empty() && !scenario.programs.empty();
  }
  EXPECT_TRUE(both);
}

}  // namespace
}  // namespace sklab
