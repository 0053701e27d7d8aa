// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "bench/range/tproxy_rule.h"
#include "harness/model/model.h"

namespace sklab {
namespace {

using testing::HasSubstr;

constexpr const char *kFamilies[] = {"udp4", "udp6", "tcp4", "tcp6"};

// Methods that need nothing but sockets and the kernel's own lookup.
constexpr RangeMethod kPlain[] = {RangeMethod::kSockets, RangeMethod::kWildcards};

Endpoint endpoint_of(const FamilyCase &family, size_t number) {
  return {range_address(family, number / kRangeSize),
          static_cast<uint16_t>(kRangePortLow + number % kRangeSize)};
}

TEST(RangeSocketsTest, ThePlainLookupFindsTheSocketOfEachEndpoint) {
  for (const char *name : kFamilies) {
    const FamilyCase family = as_host(family_case(name));
    for (const RangeMethod method : kPlain) {
      Scenario scenario;
      const std::vector<SocketSpec> all = range_sockets(method, family);
      // Of 65536 sockets the one that is meant and some that are not.
      for (const size_t number : {0U, 255U, 256U, 40000U, 65535U}) {
        const size_t meant = range_socket(method, number);
        scenario.sockets = {all[meant == 7 ? 8 : 7], all[meant]};
        scenario.packet = {family.protocol, {family.client, 30000}, endpoint_of(family, number)};
        const Outcome outcome = evaluate(scenario);
        EXPECT_EQ(outcome.sockets, std::vector<size_t>{1}) << name << " " << number;
      }
    }
  }
}

TEST(RangeSocketsTest, EveryGroupHasItsMembersAndItsPort) {
  const FamilyCase family = as_host(family_case("udp4"));
  const auto sockets = range_sockets(RangeMethod::kReuseport, family);
  std::set<unsigned> groups;
  for (size_t number = 0; number < kRangeSize; ++number) {
    const size_t first = range_socket(RangeMethod::kReuseport, number);
    EXPECT_EQ(sockets[first].local.port, kRangePortLow + number);
    EXPECT_TRUE(groups.insert(*sockets[first].reuseport_group).second);
    for (size_t k = 1; k < kRangeGroupSize; ++k) {
      EXPECT_EQ(sockets[first + k].reuseport_group, sockets[first].reuseport_group);
    }
  }
  EXPECT_EQ(sockets.size(), kRangeSize * kRangeGroupSize);
}

TEST(TproxyRuleTest, IsOfTheFamily) {
  const FamilyCase udp4 = as_host(family_case("udp4"));
  EXPECT_THAT(tproxy_rules(udp4, {udp4.server, 7000}),
              HasSubstr("ip daddr 203.0.113.0/24 udp dport 20000-20255 tproxy to 192.0.2.1:7000"));
  const FamilyCase tcp6 = as_host(family_case("tcp6"));
  EXPECT_THAT(tproxy_rules(tcp6, {tcp6.server, 7000}),
              HasSubstr("tcp dport 20000-20255 tproxy to [2001:db8::1]:7000"));
}

}  // namespace
}  // namespace sklab
