// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/variation.h"

#include <gtest/gtest.h>

#include "fuzz/semantics/scenario_records.h"
#include "harness/model/scenario_text.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

TEST(Variation, IsValidAndLeavesWhatCostsSystemCalls) {
  FuzzRandom random(1);
  size_t different = 0;
  constexpr int kVariations = 20000;
  for (int i = 0; i < kVariations; ++i) {
    std::vector<uint8_t> bytes(random.below(400));
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random.next());
    const Scenario scenario = decode_scenario(bytes);
    Scenario varied = scenario;
    vary_scenario(varied, random);
    const auto wrong = find_contradiction(varied);
    ASSERT_FALSE(wrong) << wrong->what << ": " << wrong->why << "\n" << format_scenario(varied);
    ASSERT_EQ(varied.sockets, scenario.sockets);
    ASSERT_EQ(varied.dialect, scenario.dialect);
    ASSERT_EQ(varied.codes, scenario.codes);
    ASSERT_EQ(varied.programs.size(), scenario.programs.size());
    different += varied == scenario ? 0 : 1;
  }
  EXPECT_GT(different, kVariations / 2);
}

}  // namespace
}  // namespace sklab
