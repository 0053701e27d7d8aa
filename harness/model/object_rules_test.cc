// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/object_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "harness/model/object_scenario_text.h"

namespace sklab {
namespace {

using Answer = ProgramAnswer::Kind;
using Expected = ExpectedAnswer::Kind;
using Socket = std::optional<size_t>;

constexpr size_t kWeb = 0;
constexpr size_t kFirst = 1;
constexpr size_t kSecond = 2;
constexpr size_t kConnected = 3;
constexpr size_t kStream = 4;

ObjectScenario small_scenario() {
  return *parse_object_scenario(
      "object 1\nsocket web udp4 127.0.0.1:80\n"
      "socket first udp4 127.0.0.1:81 reuseport=1\nsocket second udp4 127.0.0.1:81 reuseport=1\n"
      "socket connected udp4 127.0.0.1:82 peer=127.0.0.9:4000\n"
      "socket stream tcp4 127.0.0.1:80\n"
      "packet udp4 127.0.0.9:4000 -> 127.0.0.1:82\n");
}

std::vector<Socket> all_sockets() {
  return {std::nullopt, kWeb, kFirst, kSecond, kConnected, kStream};
}

std::vector<ProgramAnswer> all_program_answers() {
  std::vector<ProgramAnswer> all = {
      {Answer::kPass, {}}, {Answer::kSelectGroup, {}}, {Answer::kDrop, {}}};
  for (const Socket &socket : all_sockets()) all.push_back({Answer::kSelect, socket});
  return all;
}

std::vector<ExpectedAnswer> all_expected() {
  std::vector<ExpectedAnswer> all = {
      {Expected::kAnything, 0}, {Expected::kPlain, 0}, {Expected::kNone, 0}, {Expected::kDrop, 0}};
  for (size_t i = kWeb; i <= kStream; ++i) all.push_back({Expected::kSocket, i});
  return all;
}

void for_all_observations(const std::function<void(const ObjectObservation &)> &check) {
  for (const Socket &plain : all_sockets()) {
    for (const Socket &found : all_sockets()) {
      for (const ProgramAnswer &program : all_program_answers()) check({plain, found, program});
    }
  }
}

std::set<std::string_view> broken_rules(const ObjectScenario &scenario,
                                        const ExpectedAnswer &expected,
                                        const ObjectObservation &observed) {
  ObjectPacket packet = scenario.packets.front();
  packet.expected = expected;
  std::set<std::string_view> names;
  for (const ObjectRule &rule : kObjectRules) {
    if (!rule.holds({scenario, packet, observed})) names.insert(rule.name);
  }
  EXPECT_EQ(violations_of({scenario, packet, observed}).size(), names.size());
  return names;
}

// The lookup's answer follows from the other two, but for who of a reuseport group it is.
TEST(ObjectRules, TheLookupFollowsFromThePlainOneAndTheProgram) {
  const ObjectScenario scenario = small_scenario();
  for_all_observations([&](const ObjectObservation &observed) {
    std::set<Socket> right;
    if (observed.plain == kConnected || observed.program.kind == Answer::kPass) {
      right = {observed.plain};
    } else if (observed.program.kind == Answer::kSelectGroup) {
      right = {kFirst, kSecond};
    } else if (observed.program.kind == Answer::kDrop) {
      right = {std::nullopt};
    } else if (observed.program.socket) {
      right = {observed.program.socket};
    } else {
      return;
    }
    const auto broken = broken_rules(scenario, {}, observed);
    EXPECT_EQ(broken.contains("lookup_follows_program"), !right.contains(observed.found))
        << describe(observed, scenario);
  });
}

TEST(ObjectRules, EachRuleIsBrokenAloneSomewhere) {
  const ObjectScenario scenario = small_scenario();
  std::set<std::set<std::string_view>> met;
  for (const ExpectedAnswer &expected : all_expected()) {
    for_all_observations([&](const ObjectObservation &observed) {
      met.insert(broken_rules(scenario, expected, observed));
    });
  }
  EXPECT_TRUE(met.contains({}));
  for (const ObjectRule &rule : kObjectRules) {
    EXPECT_TRUE(met.contains({rule.name})) << rule.name;
  }
}

TEST(ObjectRules, AnythingIsExpectedOfAPacketWithoutAnAnswer) {
  const ObjectScenario scenario = small_scenario();
  for_all_observations([&](const ObjectObservation &observed) {
    EXPECT_FALSE(broken_rules(scenario, {}, observed).contains("answer_is_expected"));
  });
}

// What is said of a packet outweighs what is said of all.
TEST(ObjectRules, ADropIsAllowedWhereItIsSaid) {
  ObjectScenario scenario = small_scenario();
  const ObjectObservation dropped{kWeb, std::nullopt, {Answer::kDrop, {}}};
  EXPECT_THAT(broken_rules(scenario, {}, dropped), testing::ElementsAre("drop_is_allowed"));
  EXPECT_THAT(broken_rules(scenario, {Expected::kDrop, 0}, dropped), testing::IsEmpty());
  scenario.may_drop = true;
  EXPECT_THAT(broken_rules(scenario, {}, dropped), testing::IsEmpty());
  EXPECT_THAT(broken_rules(scenario, {Expected::kPlain, 0}, dropped),
              testing::ElementsAre("answer_is_expected"));
}

struct ExpectedCase {
  ExpectedAnswer expected;
  ObjectObservation observed;
  bool right;
};

TEST(ObjectRules, AnswersMeanWhatTheirNamesSay) {
  const ObjectScenario scenario = small_scenario();
  const ObjectObservation passes{kWeb, kWeb, {Answer::kPass, {}}};
  const ObjectObservation passes_none{{}, {}, {Answer::kPass, {}}};
  const ObjectObservation selects{{}, kWeb, {Answer::kSelect, kWeb}};
  const ObjectObservation group{{}, kSecond, {Answer::kSelectGroup, {}}};
  const ObjectObservation skipped{kConnected, kConnected, {Answer::kDrop, {}}};
  const std::vector<ExpectedCase> cases = {{{Expected::kSocket, kWeb}, passes, true},
                                           {{Expected::kSocket, kWeb}, selects, true},
                                           {{Expected::kSocket, kFirst}, selects, false},
                                           {{Expected::kSocket, kFirst}, group, true},
                                           {{Expected::kSocket, kSecond}, group, true},
                                           {{Expected::kSocket, kWeb}, group, false},
                                           {{Expected::kSocket, kWeb}, passes_none, false},
                                           {{Expected::kPlain, 0}, passes, true},
                                           {{Expected::kPlain, 0}, passes_none, true},
                                           {{Expected::kPlain, 0}, selects, false},
                                           {{Expected::kNone, 0}, passes, false},
                                           {{Expected::kNone, 0}, passes_none, true},
                                           {{Expected::kDrop, 0}, passes_none, false},
                                           {{Expected::kPlain, 0}, skipped, true},
                                           {{Expected::kDrop, 0}, skipped, false},
                                           {{Expected::kSocket, kConnected}, skipped, true}};
  for (const ExpectedCase &one : cases) {
    const auto broken = broken_rules(scenario, one.expected, one.observed);
    EXPECT_EQ(!broken.contains("answer_is_expected"), one.right)
        << static_cast<int>(one.expected.kind) << " " << describe(one.observed, scenario);
  }
}

TEST(ObjectRules, AV6SocketTakesV4PacketsUnlessItIsV6Only) {
  const ObjectScenario scenario = *parse_object_scenario(
      "object 1\nsocket dual udp6 [::]:80\nsocket six udp6 [::]:81 v6only\n"
      "socket bound udp6 [::1]:82\nsocket mapped udp6 [::ffff:127.0.0.1]:83\n"
      "packet udp4 127.0.0.9:4000 -> 127.0.0.1:80\n");
  for (const size_t dual : {0, 3}) {
    EXPECT_THAT(broken_rules(scenario, {}, {{}, dual, {Answer::kSelect, dual}}),
                testing::IsEmpty());
  }
  // By its option, and by what it is bound to.
  for (const size_t six : {1, 2}) {
    EXPECT_THAT(broken_rules(scenario, {}, {{}, six, {Answer::kSelect, six}}),
                testing::ElementsAre("sockets_fit"));
  }
}

TEST(ObjectRules, ObservationsAreOneLine) {
  const ObjectScenario scenario = small_scenario();
  const auto text = [&](const ProgramAnswer &program) {
    return describe({kWeb, std::nullopt, program}, scenario);
  };
  EXPECT_EQ(text({Answer::kDrop, {}}), "socket=none program=drop plain=web");
  EXPECT_EQ(text({Answer::kPass, {}}), "socket=none program=pass plain=web");
  EXPECT_EQ(text({Answer::kSelect, kFirst}), "socket=none program=first plain=web");
  EXPECT_EQ(text({Answer::kSelect, {}}), "socket=none program=an unknown socket plain=web");
  EXPECT_EQ(text({Answer::kSelectGroup, {}}), "socket=none program=a reuseport group plain=web");
}

}  // namespace
}  // namespace sklab
