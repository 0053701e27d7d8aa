// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/exchange.h"

#include <gtest/gtest.h>

#include <optional>

#include "harness/kernel/socket_set.h"
#include "harness/kernel/uplink.h"

namespace sklab {
namespace {

struct ExchangeCase {
  Protocol protocol;
  const char *server;
  const char *client;
};

const ExchangeCase kExchangeCases[] = {{Protocol::kUdp, "192.0.2.1", "198.51.100.9"},
                                       {Protocol::kUdp, "2001:db8::1", "2001:db8:9::9"},
                                       {Protocol::kTcp, "192.0.2.1", "198.51.100.9"},
                                       {Protocol::kTcp, "2001:db8::1", "2001:db8:9::9"}};

class ExchangeTest : public testing::TestWithParam<ExchangeCase> {
 protected:
  void SetUp() override {
    const IpAddress server = *parse_address(GetParam().server);
    auto netns = Netns::create();
    ASSERT_TRUE(netns) << netns.error().message();
    netns_.emplace(std::move(*netns));
    auto uplink = Uplink::attach(*netns_, {{server}});
    ASSERT_TRUE(uplink) << uplink.error().message();
    uplink_.emplace(std::move(*uplink));
    const auto opened = uplink_->open_client(*parse_address(GetParam().client));
    ASSERT_TRUE(opened) << opened.error().message();
    std::vector<SocketSpec> population(2);
    for (size_t i = 0; i < population.size(); ++i) {
      population[i].name = i == 0 ? "first" : "second";
      population[i].protocol = GetParam().protocol;
      population[i].family = server.family;
      population[i].local = {server, static_cast<uint16_t>(7000 + i)};
      destinations_.push_back(population[i].local);
    }
    auto sockets = SocketSet::create(*netns_, population);
    ASSERT_TRUE(sockets) << sockets.error().message();
    sockets_.emplace(std::move(*sockets));
    auto inside = ScopedNetns::enter(uplink_->client());
    ASSERT_TRUE(inside);
    inside_.emplace(std::move(*inside));
  }

  // To each of `destinations` in turn, of which the socket beside it in `servers` is to hear.
  Result<> exchange(const std::vector<size_t> &servers, int requests) {
    std::vector<ExchangeTarget> targets;
    for (size_t i = 0; i < servers.size(); ++i) {
      targets.push_back({destinations_[i], sockets_->fd(servers[i])});
    }
    const Endpoint client{*parse_address(GetParam().client), 30000};
    SKLAB_TRY(const auto exchange, make_exchange(GetParam().protocol, client, targets));
    for (int i = 0; i < requests; ++i) {
      SKLAB_CHECK(exchange->prepare());
      SKLAB_CHECK(exchange->perform());
      SKLAB_CHECK(exchange->finish());
    }
    return Ok{};
  }

  std::optional<Netns> netns_;
  std::optional<Uplink> uplink_;
  std::optional<SocketSet> sockets_;
  std::vector<Endpoint> destinations_;
  std::optional<ScopedNetns> inside_;
};

INSTANTIATE_TEST_SUITE_P(Families, ExchangeTest, testing::ValuesIn(kExchangeCases));

// Of a connection's ports every one is used, and the first once more.
TEST_P(ExchangeTest, EveryRequestIsAnswered) {
  const auto done = exchange({0, 1}, 20100);
  EXPECT_TRUE(done) << done.error().message();
}

TEST_P(ExchangeTest, ARequestThatAnotherSocketGetsIsAFindingAndCanBeDiscarded) {
  const auto lost = exchange({1}, 1);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::kMismatch) << lost.error().message();
  discard_requests(*sockets_, GetParam().protocol);
  const auto done = exchange({0}, 10);
  EXPECT_TRUE(done) << done.error().message();
}

}  // namespace
}  // namespace sklab
