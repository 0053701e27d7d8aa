// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The calls on sockets one after the other, which any kernel bears.
#include "fuzz/race/race_sockets.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <cerrno>

#include "harness/kernel/netns.h"

namespace sklab {
namespace {

constexpr size_t kUdp = 0;
constexpr size_t kTcp = 3;
constexpr size_t kTcpOfGroup = 4;

class RaceSocketsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(sockets_.begin(true)); }

  [[nodiscard]] bool becomes_readable(size_t socket) const {
    pollfd ready{sockets_.fd(socket), POLLIN, 0};
    return ::poll(&ready, 1, 1000) == 1;
  }

  Netns netns_ = Netns::create().value();
  ScopedNetns inside_ = ScopedNetns::enter(netns_).value();
  RaceSockets sockets_;
};

TEST_F(RaceSocketsTest, ADatagramArrivesAndASocketCanBeConnected) {
  EXPECT_EQ(RaceSockets::send(kUdp), 0);
  EXPECT_TRUE(becomes_readable(kUdp));
  EXPECT_EQ(sockets_.connect(kUdp), 0);
  EXPECT_EQ(sockets_.disconnect(kUdp), 0);
  EXPECT_EQ(sockets_.listen(kUdp), -EOPNOTSUPP);
}

TEST_F(RaceSocketsTest, ASynReachesAListener) {
  EXPECT_EQ(sockets_.accept(kTcp), -EAGAIN);
  EXPECT_EQ(RaceSockets::send(kTcp), -EINPROGRESS);
  ASSERT_TRUE(becomes_readable(kTcp));
  EXPECT_EQ(sockets_.accept(kTcp), 0);
}

TEST_F(RaceSocketsTest, AListenerStopsAndBeginsAgain) {
  for (const size_t socket : {kTcp, kTcpOfGroup}) {
    EXPECT_EQ(sockets_.connect(socket), -EISCONN);
    EXPECT_EQ(sockets_.disconnect(socket), 0);
    EXPECT_EQ(sockets_.accept(socket), -EINVAL);
    EXPECT_EQ(sockets_.listen(socket), 0);
    EXPECT_EQ(sockets_.accept(socket), -EAGAIN);
    EXPECT_EQ(sockets_.disconnect(socket), 0);
    EXPECT_EQ(sockets_.connect(socket), -EINPROGRESS);
    EXPECT_EQ(sockets_.reopen(socket), 0);
  }
}

}  // namespace
}  // namespace sklab
