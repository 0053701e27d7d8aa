// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The model against the kernel on the packet path.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <random>
#include <string>

#include "harness/model/model.h"
#include "harness/model/random_scenario.h"
#include "harness/model/scenario_text.h"
#include "harness/path/packet_path.h"
#include "harness/path/scenario_probe.h"
#include "harness/path/scripted_programs.h"

namespace sklab {
namespace {

// The packet path is for every address but this one.
bool uses_loopback6(const Scenario &scenario) {
  const IpAddress loopback = *parse_address("::1");
  const auto established = [&](const SocketSpec &spec) {
    return spec.protocol == Protocol::kTcp && spec.peer && spec.local.address == loopback;
  };
  return scenario.packet.destination.address == loopback ||
         std::any_of(scenario.sockets.begin(), scenario.sockets.end(), established);
}

class PacketModelTest : public testing::Test {
 protected:
  void SetUp() override {
    auto path = PacketPath::create({});
    ASSERT_TRUE(path) << path.error().message();
    path_.emplace(std::move(*path));
    auto programs = ScriptedPrograms::create();
    ASSERT_TRUE(programs) << programs.error().message();
    programs_.emplace(std::move(*programs));
  }

  // Handshakes of established sockets must not meet the programs of the scenario before.
  Result<> set_up(const Scenario &scenario) {
    SKLAB_CHECK(programs_->use_population(path_->sockets(), {}));
    SKLAB_CHECK(path_->replace_population(scenario.sockets));
    const std::vector<size_t> assigned = assigned_sockets(scenario);
    SKLAB_CHECK(programs_->use_population(path_->sockets(), assigned));
    SKLAB_CHECK(programs_->attach_reuseport(scenario, path_->sockets()));
    SKLAB_CHECK(programs_->attach(path_->netns(), scenario.dialect, scenario.codes,
                                  scenario.programs.size()));
    SKLAB_CHECK(programs_->write(0, scenario));
    programs_->select(0);
    return Ok{};
  }

  Result<Delivery> send(const Scenario &scenario, DecidedBy expected) {
    if (scenario.packet.protocol == Protocol::kUdp) return path_->send_datagram(scenario.packet);
    if (expected == DecidedBy::kConnected) return path_->send_data(scenario.packet);
    return path_->send_syn(scenario.packet);
  }

  // What the sender gets when the lookup has this result.
  static Reply reply_to(const Packet &packet, const Outcome &outcome) {
    const bool tcp = packet.protocol == Protocol::kTcp;
    if (outcome.sockets.empty()) return tcp ? Reply::kReset : Reply::kPortUnreachable;
    if (!tcp) return Reply::kNone;
    return outcome.decided_by == DecidedBy::kConnected ? Reply::kAck : Reply::kSynAck;
  }

  void expect_agreement(const Scenario &scenario) {
    const auto ready = set_up(scenario);
    ASSERT_TRUE(ready) << ready.error().message() << "\n" << format_scenario(scenario);
    const Outcome expected = evaluate(scenario, Arrival::kPacket);
    const auto delivery = send(scenario, expected.decided_by);
    ASSERT_TRUE(delivery) << delivery.error().message() << "\n" << format_scenario(scenario);
    Observation observed;
    programs_->read(0, observed);
    observed.socket = delivery->socket;
    EXPECT_TRUE(allows(expected, observed))
        << format_scenario(scenario) << "model:  " << describe(expected, scenario)
        << "\nkernel: " << describe(observed, scenario);
    EXPECT_EQ(delivery->reply, reply_to(scenario.packet, expected)) << format_scenario(scenario);
  }

  std::optional<PacketPath> path_;
  std::optional<ScriptedPrograms> programs_;
};

TEST_F(PacketModelTest, RandomScenarios) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1500; ++i) {
    const Scenario scenario = random_scenario(random);
    if (!uses_loopback6(scenario)) expect_agreement(scenario);
  }
}

}  // namespace
}  // namespace sklab
