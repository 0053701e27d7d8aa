// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/hashtable_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/reuseport_rules.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// The names of the sockets that the plain lookup may find, in a population as text.
std::string found(const std::string &sockets, const std::string &packet) {
  const auto scenario =
      parse_scenario("scenario 1\ndialect pass_drop\n" + sockets + "packet " + packet + "\n");
  if (!scenario) return scenario.error().message();
  if (const auto connected = find_connected(*scenario, kernel_rules())) {
    return "connected " + scenario->sockets[*connected].name;
  }
  std::string names;
  const auto unconnected = find_unconnected(*scenario, kernel_rules());
  if (!unconnected) return "";
  std::vector<size_t> choices;
  reuseport_choices(*scenario, Arrival::kHelper, *unconnected, choices);
  for (const size_t index : choices) {
    names += (names.empty() ? "" : " ") + scenario->sockets[index].name;
  }
  return names;
}

constexpr char kTo1[] = "udp4 127.0.0.9:4000 -> 127.0.0.1:7007";
constexpr char kTo1Tcp[] = "tcp4 127.0.0.9:4000 -> 127.0.0.1:7007";
constexpr char kTo6[] = "udp6 [fd00::3]:4000 -> [fd00::1]:7007";

TEST(FindUnconnected, ExactAddressBeforeWildcard) {
  const std::string wildcard = "socket any udp4 0.0.0.0:7007 reuseport=1\n";
  const std::string exact = "socket exact udp4 127.0.0.1:7007 reuseport=2\n";
  EXPECT_EQ(found(wildcard, kTo1), "any");
  EXPECT_EQ(found(wildcard + exact, kTo1), "exact");
  EXPECT_EQ(found(exact + wildcard, kTo1), "exact");
  EXPECT_EQ(found(exact, "udp4 127.0.0.9:4000 -> 127.0.0.2:7007"), "");
  EXPECT_EQ(found(exact, "udp4 127.0.0.9:4000 -> 127.0.0.1:7008"), "");
  EXPECT_EQ(found(exact, kTo1Tcp), "");
}

TEST(FindUnconnected, DualStackSocketsTakeIpv4) {
  EXPECT_EQ(found("socket dual udp6 [::]:7007\n", kTo1), "dual");
  EXPECT_EQ(found("socket only udp6 [::]:7007 v6only\n", kTo1), "");
  EXPECT_EQ(found("socket mapped udp6 [::ffff:127.0.0.1]:7007\n", kTo1), "mapped");
  EXPECT_EQ(found("socket specific udp6 [fd00::1]:7007\n", kTo1), "");
  EXPECT_EQ(found("socket four udp4 0.0.0.0:7007\n", kTo6), "");
}

TEST(FindUnconnected, AMappedWildcardIsTheIpv4One) {
  const std::string mapped = "socket mapped udp6 [::ffff:0.0.0.0]:7007 reuseport=1\n";
  EXPECT_EQ(found(mapped, kTo1), "mapped");
  EXPECT_EQ(found(mapped, kTo6), "");
  EXPECT_EQ(found(mapped + "socket exact udp4 127.0.0.1:7007 reuseport=2\n", kTo1), "exact");
}

TEST(FindUnconnected, OfEqualGroupsTheOneBoundFirst) {
  const std::string dual = "socket dual udp6 [::]:7007 reuseport=1\n";
  const std::string only = "socket only udp6 [::]:7007 v6only reuseport=2\n";
  EXPECT_EQ(found(dual + only, kTo6), "dual");
  EXPECT_EQ(found(only + dual, kTo6), "only");
}

TEST(FindUnconnected, Ipv4BeforeDualStackOfTheSameAddress) {
  const std::string dual = "socket dual udp6 [::]:7007 reuseport=1\n";
  const std::string four = "socket four udp4 0.0.0.0:7007 reuseport=2\n";
  EXPECT_EQ(found(dual + four, kTo1), "four");
  EXPECT_EQ(found(four + dual, kTo1), "four");
  EXPECT_EQ(found(four + dual, kTo6), "dual");
}

TEST(FindUnconnected, AnyUnconnectedMemberOfAGroup) {
  EXPECT_EQ(found("socket a udp4 127.0.0.1:7007 reuseport=1\n"
                  "socket b udp4 127.0.0.1:7007 reuseport=1\n"
                  "socket c udp4 127.0.0.1:7007 reuseport=1 peer=127.0.0.9:5000\n"
                  "socket d udp4 127.0.0.2:7007 reuseport=2\n",
                  kTo1),
            "a b");
}

TEST(FindConnected, FourTuplesMustMatch) {
  const std::string connected = "socket c udp4 127.0.0.1:7007 peer=127.0.0.9:4000\n";
  EXPECT_EQ(found(connected, kTo1), "connected c");
  EXPECT_EQ(found(connected, "udp4 127.0.0.9:4001 -> 127.0.0.1:7007"), "");
  EXPECT_EQ(found(connected, "udp4 127.0.0.8:4000 -> 127.0.0.1:7007"), "");
  EXPECT_EQ(found("socket c tcp6 [::ffff:127.0.0.1]:7007 peer=[::ffff:127.0.0.9]:4000\n", kTo1Tcp),
            "connected c");
}

}  // namespace
}  // namespace sklab
