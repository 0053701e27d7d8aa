// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/protocol.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <string_view>

namespace sklab {
namespace {

constexpr double kLimitS = 5;

TEST(GateChannel, MessagesArriveWhole) {
  auto ends = GateChannel::create();
  ASSERT_TRUE(ends);
  const GateChannel other(std::move(ends->second));
  GateRequest request{"open", "udp4", {"udp4/pass", "udp4/drop"}, 7, 3e5, 2, 64, 5};
  ASSERT_TRUE(ends->first.send(request));
  const auto received = other.receive_request();
  ASSERT_TRUE(received);
  EXPECT_EQ(received->what, request.what);
  EXPECT_EQ(received->rows, request.rows);
  EXPECT_EQ(received->lookups, request.lookups);
  EXPECT_EQ(received->burn, request.burn);

  GateReply reply;
  reply.lanes.resize(200);
  for (LaneFacts &lane : reply.lanes) lane.definition = std::string(500, 'x');
  reply.lanes.back().counts["program_bytes"] = 112;
  reply.latency_ns = 77.25;
  ASSERT_TRUE(other.send(reply));
  const auto answer = ends->first.receive_reply(kLimitS);
  ASSERT_TRUE(answer) << answer.error().message();
  ASSERT_EQ(answer->lanes.size(), reply.lanes.size());
  EXPECT_EQ(answer->lanes.back().counts, reply.lanes.back().counts);
  EXPECT_EQ(answer->latency_ns, reply.latency_ns);
}

TEST(GateChannel, SilenceAndItsEndAreErrors) {
  auto ends = GateChannel::create();
  ASSERT_TRUE(ends);
  EXPECT_EQ(ends->first.receive_reply(0.01).error().error_number, ETIMEDOUT);
  ends->second = UniqueFd();
  EXPECT_EQ(ends->first.receive_reply(kLimitS).error().error_number, ECONNRESET);
  EXPECT_FALSE(ends->first.send(GateRequest{}));
}

TEST(GateChannel, WhatIsNoMessageIsAnError) {
  for (const std::string_view text : {"nonsense", "[]", R"({"latency_ns": "much"})"}) {
    auto ends = GateChannel::create();
    ASSERT_TRUE(ends);
    ASSERT_GT(::send(ends->second.get(), text.data(), text.size(), 0), 0);
    EXPECT_FALSE(ends->first.receive_reply(kLimitS)) << text;
  }
}

TEST(GateChannel, FieldsOfOtherBuildsAreLeftOut) {
  auto ends = GateChannel::create();
  ASSERT_TRUE(ends);
  constexpr std::string_view kText = R"({"latency_ns": 5, "of_next_year": [1]})";
  ASSERT_GT(::send(ends->second.get(), kText.data(), kText.size(), 0), 0);
  const auto reply = ends->first.receive_reply(kLimitS);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->latency_ns, 5);
  EXPECT_EQ(reply->protocol, kGateProtocol);
}

}  // namespace
}  // namespace sklab
