// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace sklab {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

struct FloodCase {
  Protocol protocol;
  const char *server;
  const char *client;
};

const FloodCase kCases[] = {{Protocol::kUdp, "192.0.2.1", "198.51.100.9"},
                            {Protocol::kUdp, "2001:db8::1", "2001:db8:9::9"},
                            {Protocol::kTcp, "192.0.2.1", "198.51.100.9"},
                            {Protocol::kTcp, "2001:db8::1", "2001:db8:9::9"}};

class FloodPathTest : public testing::TestWithParam<FloodCase> {
 protected:
  void SetUp() override { open(FloodGenerator::kLiveFrames); }

  void open(FloodGenerator generator) {
    auto netns = Netns::create();
    ASSERT_TRUE(netns) << netns.error().message();
    netns_.emplace(std::move(*netns));
    const IpAddress address = *parse_address(GetParam().server);
    auto uplink = Uplink::attach(*netns_, {{address}});
    ASSERT_TRUE(uplink) << uplink.error().message();
    std::vector<SocketSpec> population(2);
    for (size_t i = 0; i < population.size(); ++i) {
      population[i].name = i == 0 ? "first" : "second";
      population[i].protocol = GetParam().protocol;
      population[i].family = address.family;
      population[i].local = {address, static_cast<uint16_t>(7000 + i)};
    }
    auto sockets = SocketSet::create(*netns_, population);
    ASSERT_TRUE(sockets) << sockets.error().message();
    sockets_.emplace(std::move(*sockets));
    auto path = FloodPath::create(*netns_, std::move(*uplink), *sockets_, population, generator);
    ASSERT_TRUE(path) << path.error().message();
    path_.emplace(std::move(*path));
  }

  FloodResult run(uint16_t port, FloodFate fate = FloodFate::kSocket, uint64_t packets = 6400) {
    const Packet packet{GetParam().protocol,
                        {*parse_address(GetParam().client), 1},
                        {*parse_address(GetParam().server), port}};
    const auto inside = ScopedNetns::enter(*netns_);
    auto result = path_->run({packet, fate, packets});
    EXPECT_TRUE(result) << result.error().message();
    return result ? *result : FloodResult{};
  }

  void expect_right_ends();

  [[nodiscard]] Family family() const { return parse_address(GetParam().server)->family; }

  std::optional<Netns> netns_;
  std::optional<SocketSet> sockets_;
  std::optional<FloodPath> path_;
};

INSTANTIATE_TEST_SUITE_P(Families, FloodPathTest, testing::ValuesIn(kCases));

TEST_P(FloodPathTest, EveryPacketEndsWhereItHasTo) {
  expect_right_ends();
  EXPECT_TRUE(run(7000, FloodFate::kUntouched).ends.empty());
}

TEST_P(FloodPathTest, WhoeverSendsThem) {
  path_.reset();
  open(FloodGenerator::kRaw);
  expect_right_ends();
  const auto inside = ScopedNetns::enter(*netns_);
  const auto untouched = path_->run({{}, FloodFate::kUntouched, kFloodBurst});
  ASSERT_FALSE(untouched) << "only live frames are there before they are made";
  EXPECT_EQ(untouched.error().kind, ErrorKind::kUnavailable);
}

void FloodPathTest::expect_right_ends() {
  constexpr uint64_t kAll = 6400 + 2 * kFloodBurst;
  EXPECT_THAT(run(7000).ends, UnorderedElementsAre(Pair("socket first", kAll)));
  EXPECT_THAT(run(7001).ends, UnorderedElementsAre(Pair("socket second", kAll)));
  EXPECT_THAT(run(7999).ends,
              UnorderedElementsAre(Pair(end_without_socket(GetParam().protocol, family()), kAll)));
  EXPECT_THAT(run(7000, FloodFate::kBadChecksum).ends,
              UnorderedElementsAre(Pair(end_by_checksum(GetParam().protocol, family()), kAll)));
  EXPECT_TRUE(run(7000, FloodFate::kNotReceived).ends.empty());
  if (GetParam().protocol != Protocol::kTcp) return;
  EXPECT_THAT(run(7000, FloodFate::kLowHopLimit).ends,
              UnorderedElementsAre(Pair(kEndByHopLimit, kAll)));
}

TEST_P(FloodPathTest, MakingAPacketIsASmallPartOfReceivingIt) {
  // The shortest of many short runs, which nothing else on this machine came between.
  const auto per_packet = [&](FloodFate fate) {
    uint64_t shortest_ns = UINT64_MAX;
    for (int i = 0; i < 10; ++i) shortest_ns = std::min(shortest_ns, run(7000, fate).elapsed_ns);
    return static_cast<double>(shortest_ns) / 6400;
  };
  const double untouched = per_packet(FloodFate::kUntouched);
  const double made = per_packet(FloodFate::kNotReceived);
  const double received = per_packet(FloodFate::kSocket);
  RecordProperty("untouched_ns", std::to_string(untouched));
  RecordProperty("made_ns", std::to_string(made));
  RecordProperty("refused_ns", std::to_string(per_packet(FloodFate::kBadChecksum)));
  RecordProperty("received_ns", std::to_string(received));
  EXPECT_GT(untouched, 1);
  EXPECT_GT(made, 1);
  EXPECT_LT(untouched, 1.1 * made);
  EXPECT_LT(made, 0.2 * received);
}

TEST_P(FloodPathTest, PacketsOfOtherProgramsEndThereToo) {
  path_.reset();
  open(FloodGenerator::kTrafgen);
  for (const auto &[port, end] : {std::pair<uint16_t, std::string>{7001, "socket second"},
                                  {7999, end_without_socket(GetParam().protocol, family())}}) {
    const FloodResult result = run(port);
    EXPECT_THAT(result.ends, UnorderedElementsAre(Pair(end, result.packets)));
    EXPECT_GT(result.packets, uint64_t{kFloodBurst});
    EXPECT_GT(result.elapsed_ns, 0U);
  }
  const FloodResult result = run(7000, FloodFate::kBadChecksum);
  EXPECT_THAT(result.ends, UnorderedElementsAre(Pair(end_by_checksum(GetParam().protocol, family()),
                                                     result.packets)));
}

// It does not load everywhere.
TEST_P(FloodPathTest, AProgramThatSendsNothingIsUnavailable) {
  path_.reset();
  open(FloodGenerator::kXdpTrafficgen);
  const Packet packet{GetParam().protocol,
                      {*parse_address(GetParam().client), 1},
                      {*parse_address(GetParam().server), 7000}};
  const auto inside = ScopedNetns::enter(*netns_);
  const auto result = path_->run({packet, FloodFate::kSocket, 640});
  if (result) {
    EXPECT_THAT(result->ends, UnorderedElementsAre(Pair("socket first", result->packets)));
  } else {
    EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable) << result.error().message();
  }
}

TEST_P(FloodPathTest, OnlyWholeBurstsCanBeTimed) {
  const auto inside = ScopedNetns::enter(*netns_);
  EXPECT_FALSE(path_->run({{}, FloodFate::kSocket, 100}));
}

}  // namespace
}  // namespace sklab
