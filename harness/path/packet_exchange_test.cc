// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/packet_exchange.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <array>
#include <cerrno>
#include <optional>

namespace sklab {
namespace {

class PacketExchangeTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = Netns::create();
    ASSERT_TRUE(server) << server.error().message();
    server_.emplace(std::move(*server));
    auto wire = Wire::attach(*server_);
    ASSERT_TRUE(wire) << wire.error().message();
    exchange_.emplace(std::move(*wire), std::chrono::milliseconds(200));
  }

  std::optional<Netns> server_;
  std::optional<PacketExchange> exchange_;
};

const Endpoint kClient4 = *parse_endpoint("127.0.0.9:4000");
const Endpoint kServer4 = *parse_endpoint("127.0.0.1:7000");
const Endpoint kClient6 = *parse_endpoint("[fd00::3]:4000");
const Endpoint kServer6 = *parse_endpoint("[fd00::1]:7000");

TEST_F(PacketExchangeTest, EveryReplyIsOfItsPacket) {
  for (uint32_t i = 0; i < 1000; ++i) {
    const bool ipv4 = i % 2 == 0;
    const TcpFields fields{kTcpAck, 1, i};
    const auto replies = exchange_->send(ipv4 ? build_tcp(kClient4, kServer4, fields)
                                              : build_tcp(kClient6, kServer6, fields));
    ASSERT_TRUE(replies) << replies.error().message();
    // IPv6 announces itself now and then.
    const auto resets = std::count_if(replies->begin(), replies->end(), [](const auto &reply) {
      return reply.kind == PacketKind::kTcp;
    });
    ASSERT_EQ(resets, 1) << i;
    for (const ParsedPacket &reply : *replies) {
      if (reply.kind != PacketKind::kTcp) continue;
      EXPECT_EQ(reply.tcp, (TcpFields{kTcpReset, i, 0}));
      EXPECT_EQ(reply.destination, ipv4 ? kClient4 : kClient6);
    }
  }
}

TEST_F(PacketExchangeTest, TheThreadMayRunWhereItMightBefore) {
  cpu_set_t before;
  cpu_set_t after;
  ASSERT_EQ(::sched_getaffinity(0, sizeof(before), &before), 0);
  ASSERT_TRUE(exchange_->send({}));
  ASSERT_EQ(::sched_getaffinity(0, sizeof(after), &after), 0);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

TEST_F(PacketExchangeTest, AFenceThatDoesNotComeBackIsAnError) {
  const auto inside = ScopedNetns::enter(*server_);
  const UniqueFd ignore(::open("/proc/sys/net/ipv4/icmp_echo_ignore_all", O_WRONLY | O_CLOEXEC));
  ASSERT_EQ(::write(ignore.get(), "1", 1), 1);
  const auto lost = exchange_->send({});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().error_number, ETIMEDOUT);
  ASSERT_EQ(::pwrite(ignore.get(), "0", 1, 0), 1);
  EXPECT_TRUE(exchange_->send({}));
}

}  // namespace
}  // namespace sklab
