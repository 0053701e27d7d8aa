// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/local_sender.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cerrno>
#include <chrono>
#include <optional>

#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

constexpr std::chrono::milliseconds kPatience(20);

struct Direction {
  const char *server;
  const char *packet;
};
constexpr Direction kDirections[] = {
    {"udp4 127.0.0.1:7000", "udp4 127.0.0.9:4000 -> 127.0.0.1:7000"},
    {"udp6 [fd00::1]:7000", "udp6 [fd00::3]:4000 -> [fd00::1]:7000"},
    {"tcp4 127.0.0.1:7000", "tcp4 127.0.0.9:4000 -> 127.0.0.1:7000"},
    {"tcp6 [fd00::1]:7000", "tcp6 [fd00::3]:4000 -> [fd00::1]:7000"},
};

class LocalSenderTest : public testing::TestWithParam<Direction> {
 protected:
  void SetUp() override {
    auto netns = Netns::create();
    ASSERT_TRUE(netns) << netns.error().message();
    netns_.emplace(std::move(*netns));
    auto scenario =
        parse_scenario(fmt::format("scenario 1\ndialect pass_drop\nsocket s {}\npacket {}\n",
                                   GetParam().server, GetParam().packet));
    ASSERT_TRUE(scenario) << scenario.error().message();
    scenario_ = std::move(*scenario);
  }

  // What a sender is told, or -1.
  int send() {
    const auto inside = ScopedNetns::enter(*netns_);
    const auto told = send_locally(scenario_.packet, kPatience);
    EXPECT_TRUE(told) << told.error().message();
    return told.value_or(-1);
  }

  std::optional<Netns> netns_;
  Scenario scenario_;
};

TEST_P(LocalSenderTest, IsToldThatNobodyIsThere) {
  // Nothing of the first is left for the second.
  EXPECT_EQ(send(), ECONNREFUSED);
  EXPECT_EQ(send(), ECONNREFUSED);
}

TEST_P(LocalSenderTest, IsToldNothingWhenSomebodyIs) {
  const auto sockets = SocketSet::create(*netns_, scenario_.sockets);
  ASSERT_TRUE(sockets) << sockets.error().message();
  EXPECT_EQ(send(), 0);
}

INSTANTIATE_TEST_SUITE_P(Directions, LocalSenderTest, testing::ValuesIn(kDirections));

TEST(LocalSender, AProtocolThatIsNotThereIsUnavailable) {
  // SCTP is a protocol, but not one of datagram sockets.
  const auto socket =
      open_local_socket(Protocol::kUdp, *parse_endpoint("127.0.0.1:7000"), IPPROTO_SCTP);
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().kind, ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace sklab
