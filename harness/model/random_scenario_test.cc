// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/random_scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "harness/model/model.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

constexpr int kScenarios = 20000;

TEST(RandomScenario, IsValidAndTheSameForTheSameSeed) {
  std::mt19937_64 random(1);
  std::mt19937_64 again(1);
  for (int i = 0; i < kScenarios; ++i) {
    const Scenario scenario = random_scenario(random);
    const auto valid = validate_scenario(scenario);
    ASSERT_TRUE(valid) << valid.error().message() << "\n" << format_scenario(scenario);
    ASSERT_EQ(scenario, random_scenario(again));
  }
}

// Nothing that the model tells apart may be so rare that a campaign would not meet it.
TEST(RandomScenario, EveryWayToDecideIsCommon) {
  std::mt19937_64 random(2);
  std::map<std::pair<DecidedBy, Protocol>, int> count;
  std::map<Protocol, int> groups;
  for (int i = 0; i < kScenarios; ++i) {
    const Scenario scenario = random_scenario(random);
    const Outcome outcome = evaluate(scenario);
    ++count[{outcome.decided_by, scenario.packet.protocol}];
    if (outcome.sockets.size() > 1) ++groups[scenario.packet.protocol];
  }
  for (const auto protocol : {Protocol::kTcp, Protocol::kUdp}) {
    for (const auto decided_by : {DecidedBy::kConnected, DecidedBy::kHook, DecidedBy::kRefused,
                                  DecidedBy::kHashtable, DecidedBy::kNothing}) {
      EXPECT_GT((count[{decided_by, protocol}]), kScenarios / 50);
    }
    EXPECT_GT(groups[protocol], kScenarios / 50);
  }
}

TEST(RandomScenario, SpecificAndWildcardAddressesMeet) {
  std::mt19937_64 random(3);
  int both = 0;
  for (int i = 0; i < kScenarios; ++i) {
    const Scenario scenario = random_scenario(random);
    const auto matches = [&](bool wildcard) {
      return std::any_of(scenario.sockets.begin(), scenario.sockets.end(),
                         [&](const SocketSpec &socket) {
                           return socket.protocol == scenario.packet.protocol && !socket.peer &&
                                  socket.local.port == scenario.packet.destination.port &&
                                  socket.local.address.from_v4_mapped().is_wildcard() == wildcard;
                         });
    };
    if (matches(true) && matches(false)) ++both;
  }
  EXPECT_GT(both, kScenarios / 50);
}

}  // namespace
}  // namespace sklab
