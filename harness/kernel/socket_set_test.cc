// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/socket_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "harness/kernel/socket_hash.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

std::vector<SocketSpec> sockets_of(const std::string &text) {
  const auto scenario = parse_scenario("scenario 1\ndialect pass_drop\n" + text +
                                       "packet udp4 127.0.0.9:1 -> 127.0.0.1:1\n");
  EXPECT_TRUE(scenario) << scenario.error().message();
  return scenario->sockets;
}

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(::getsockopt(fd, level, name, &value, &size), 0);
  return value;
}

constexpr char kEveryKind[] =
    "socket a udp4 127.0.0.1:7000\n"
    "socket b udp4 0.0.0.0:7001\n"
    "socket c udp6 [::]:7002\n"
    "socket d udp6 [::]:7003 v6only\n"
    "socket e udp6 [::ffff:127.0.0.1]:7004\n"
    "socket f udp4 127.0.0.1:7005 peer=127.0.0.9:4000\n"
    "socket g udp6 [fd00::1]:7006 peer=[fd00::3]:4000\n"
    "socket h tcp4 127.0.0.1:7000\n"
    "socket i tcp6 [fd00::1]:7001\n"
    "socket j tcp4 127.0.0.1:7000 peer=127.0.0.9:4000\n"
    "socket k tcp6 [::ffff:127.0.0.1]:7004 peer=[::ffff:127.0.0.9]:4000\n"
    "socket l udp4 127.0.0.1:7007 reuseport=1\n"
    "socket m udp4 127.0.0.1:7007 reuseport=1\n"
    "socket n tcp6 [::]:7008 reuseport=2\n"
    "socket o tcp6 [::]:7008 reuseport=2\n";

TEST(SocketSet, OpensEveryKindWithItsMark) {
  const auto specs = sockets_of(kEveryKind);
  const auto netns = Netns::create();
  ASSERT_TRUE(netns);
  const auto sockets = SocketSet::create(*netns, specs);
  ASSERT_TRUE(sockets) << sockets.error().message();
  ASSERT_EQ(sockets->size(), specs.size());
  for (size_t i = 0; i < specs.size(); ++i) {
    const int fd = sockets->fd(i);
    EXPECT_EQ(option(fd, SOL_SOCKET, SO_MARK), static_cast<int>(i + 1)) << specs[i].name;
    EXPECT_EQ(SocketSet::index_of(SocketSet::mark_of(i)), i);
    const bool tcp = specs[i].protocol == Protocol::kTcp;
    EXPECT_EQ(option(fd, SOL_SOCKET, SO_PROTOCOL), tcp ? IPPROTO_TCP : IPPROTO_UDP);
    EXPECT_EQ(option(fd, SOL_SOCKET, SO_ACCEPTCONN), tcp && !specs[i].peer) << specs[i].name;
    EXPECT_EQ(option(fd, SOL_SOCKET, SO_REUSEPORT), specs[i].reuseport_group.has_value());
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    const bool connected = ::getpeername(fd, reinterpret_cast<sockaddr *>(&peer), &size) == 0;
    EXPECT_EQ(connected, specs[i].peer.has_value()) << specs[i].name;
    EXPECT_NE(*sockets->cookie(i), 0U);
  }
}

TEST(SocketSet, ThePeerOfAnEstablishedSocketMayBeConnectedInAnotherWay) {
  const auto specs = sockets_of(
      "socket a tcp4 127.0.0.1:7000 peer=127.0.0.9:4000\nsocket b tcp4 127.0.0.1:7000\n");
  const auto netns = Netns::create();
  std::vector<std::string> connected;
  const ConnectPeer connect_peer = [&](const SocketSpec &spec) {
    connected.push_back(spec.name);
    return connect_peer_socket(spec);
  };
  EXPECT_TRUE(SocketSet::create(*netns, specs, connect_peer));
  EXPECT_THAT(connected, testing::ElementsAre("a"));
  const auto refused = SocketSet::create(*netns, specs, [](const SocketSpec &) {
    return Result<UniqueFd>(fail("connect", "peer", EHOSTUNREACH));
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error_number, EHOSTUNREACH);
}

TEST(SocketSet, AConflictNamesTheSocket) {
  const auto netns = Netns::create();
  // Text with such sockets is refused, so the conflict is made here.
  auto specs = sockets_of("socket a udp4 127.0.0.1:7000\nsocket other udp4 127.0.0.1:7001\n");
  specs[1].local.port = 7000;
  const auto sockets = SocketSet::create(*netns, specs);
  ASSERT_FALSE(sockets);
  EXPECT_EQ(sockets.error().error_number, EADDRINUSE);
  EXPECT_THAT(sockets.error().message(), testing::HasSubstr("other"));
}

TEST(SocketSet, HoldsMoreSocketsThanOneTableOfDescriptors) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  std::vector<SocketSpec> specs(1500);
  for (size_t i = 0; i < specs.size(); ++i) {
    specs[i].name = "s" + std::to_string(i);
    specs[i].local = {*parse_address("127.0.0.1"), static_cast<uint16_t>(10000 + i)};
  }
  // As far as an unprivileged process may go; a hard limit can be lowered only once.
  const rlimit soft{1024, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &soft), 0);
  const auto netns = Netns::create();
  {
    const auto sockets = SocketSet::create(*netns, specs);
    ASSERT_TRUE(sockets) << sockets.error().message();
    // All are bound: every port is taken.
    for (const size_t i : {0, 700, 1499}) {
      EXPECT_FALSE(SocketSet::create(*netns, {specs[i]})) << i;
    }
  }
  EXPECT_TRUE(SocketSet::create(*netns, {specs[1499]}));
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(SocketHash, TheSeedIsTheNetnssOwn) {
  const auto a = Netns::create();
  const auto b = Netns::create();
  ASSERT_TRUE(a && b);
  const auto seed = read_hash_mix(*a);
  ASSERT_TRUE(seed) << seed.error().message();
  EXPECT_EQ(*seed, *read_hash_mix(*a));
  EXPECT_NE(*seed, *read_hash_mix(*b));
}

// What the kernel's own code gave (jhash2 and jhash_1word of include/linux/jhash.h, Linux 6.12).
TEST(SocketHash, IsTheKernelsForEveryKindOfAddress) {
  struct Known {
    const char *address;
    uint32_t hash_mix;
    uint32_t hash;
  };
  for (const auto &[address, hash_mix, hash] :
       {Known{"fd00::1", 0, 0xd8958338}, Known{"fd00::1", 0x12345678, 0xaf6196a3},
        Known{"2001:db8::1", 1, 0x1e55bcd1}, Known{"2001:db8::1", 0xffffffff, 0x6a706952},
        Known{"2001:db8:7::ff", 0x12345678, 0x1b765879}, Known{"::", 0x12345678, 0xf338518d},
        Known{"0.0.0.0", 0x12345678, 0xf338518d}, Known{"127.0.0.1", 0x12345678, 0x5ec61144},
        Known{"::ffff:127.0.0.1", 0x12345678, 0x5ec61144}}) {
    EXPECT_EQ(port_address_hash(hash_mix, *parse_address(address), 0), hash) << address;
    EXPECT_EQ(port_address_hash(hash_mix, *parse_address(address), 7000), hash ^ 7000U) << address;
  }
}

TEST(SocketHash, ThePortGivesTheWantedHash) {
  for (uint32_t i = 0; i < 5000; ++i) {
    const uint32_t hash_mix = i * 2654435761U;
    const uint32_t wanted = i * 40503U;
    const IpAddress address{Family::kIpv4,
                            {127, 1, static_cast<uint8_t>(i >> 8U), static_cast<uint8_t>(i)}};
    const uint16_t port = port_with_hash(hash_mix, address, wanted);
    EXPECT_EQ(port_address_hash(hash_mix, address, port) & 0xffffU, wanted & 0xffffU);
  }
}

std::vector<SocketSpec> ports_of(const char *address, size_t count) {
  std::vector<SocketSpec> specs(count);
  for (size_t i = 0; i < count; ++i) {
    specs[i].name = "s" + std::to_string(i);
    specs[i].local = {*parse_address(address), static_cast<uint16_t>(10000 + i)};
  }
  return specs;
}

// A hard limit cannot be raised again, so this happens in a process of its own. What it says goes
// to stderr, which the parent shows when the exit code is wrong.
void fill_beyond_one_table() {
  const rlimit hard{1100, 1100};
  if (::setrlimit(RLIMIT_NOFILE, &hard) != 0) ::_exit(2);
  std::vector<SocketSpec> specs = ports_of("127.0.0.1", 1500);
  const auto established = sockets_of("socket last tcp4 127.0.0.1:7000 peer=127.0.0.9:4000\n");
  specs.insert(specs.end(), established.begin(), established.end());
  const auto netns = Netns::create();
  const auto sockets = SocketSet::create(*netns, specs);
  if (!sockets) std::fprintf(stderr, "%s\n", sockets.error().message().c_str());
  if (!sockets) ::_exit(3);
  const auto cookie = sockets->cookie(1499);
  if (cookie || cookie.error().kind != ErrorKind::kUsage) ::_exit(5);
  const int fd = sockets->fd(1500);
  ::_exit(option(fd, SOL_SOCKET, SO_ACCEPTCONN) == 0 ? 0 : 4);
}

TEST(SocketSetDeathTest, AnEstablishedSocketIsNeverInAFurtherTable) {
  EXPECT_EXIT(fill_beyond_one_table(), testing::ExitedWithCode(0), "");
}

void fill_twice() {
  const rlimit hard{2500, 2500};
  if (::setrlimit(RLIMIT_NOFILE, &hard) != 0) ::_exit(2);
  const auto netns = Netns::create();
  const auto first = SocketSet::create(*netns, ports_of("127.0.0.1", 1800));
  const auto second = SocketSet::create(*netns, ports_of("127.0.0.2", 1800));
  if (!second) std::fprintf(stderr, "%s\n", second.error().message().c_str());
  ::_exit(first && second ? 0 : 3);
}

TEST(SocketSetDeathTest, PopulationsShareTheProcesssTable) {
  EXPECT_EXIT(fill_twice(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace sklab
