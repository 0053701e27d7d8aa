// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/netns.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>

#include <thread>

#include "harness/kernel/fd_table.h"
#include "harness/kernel/interface.h"
#include "harness/kernel/socket_set.h"

namespace sklab {
namespace {

NetnsId current() {
  const UniqueFd fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  return *netns_id(fd.get());
}

SocketSpec udp_socket(const char *endpoint) {
  SocketSpec socket;
  socket.name = "a";
  socket.local = *parse_endpoint(endpoint);
  socket.family = socket.local.address.family;
  return socket;
}

TEST(Netns, IsNeitherTheStartingOneNorTheCurrentOne) {
  const auto netns = Netns::create();
  ASSERT_TRUE(netns) << netns.error().message();
  EXPECT_FALSE(*is_starting_netns(netns->fd()));
  EXPECT_FALSE(*netns_id(netns->fd()) == current());
}

TEST(Netns, TheProcessHasLeftTheStartingOne) {
  const UniqueFd fd(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(*is_starting_netns(fd.get()));
}

TEST(Netns, LoopbackAddressesCanBeUsedAtOnce) {
  for (int i = 0; i < 20; ++i) {
    const auto netns = Netns::create();
    ASSERT_TRUE(netns);
    for (const char *endpoint : {"127.0.0.1:7000", "127.255.0.1:7000", "[::1]:7000",
                                 "[fd00::1]:7000", "[fd00::2]:7000", "[fd00::3]:7000"}) {
      SocketSpec connected = udp_socket(endpoint);
      connected.protocol = Protocol::kTcp;
      connected.peer = Endpoint{connected.local.address, 7001};
      const auto sockets = SocketSet::create(*netns, {connected});
      EXPECT_TRUE(sockets) << sockets.error().message();
    }
  }
}

TEST(ScopedNetns, GoesBackAlsoWhenNested) {
  const NetnsId before = current();
  const auto outer = Netns::create();
  const auto inner = Netns::create();
  ASSERT_TRUE(outer && inner);
  {
    const auto in_outer = ScopedNetns::enter(*outer);
    ASSERT_TRUE(in_outer);
    EXPECT_EQ(current(), *netns_id(outer->fd()));
    {
      const auto in_inner = ScopedNetns::enter(*inner);
      EXPECT_EQ(current(), *netns_id(inner->fd()));
    }
    EXPECT_EQ(current(), *netns_id(outer->fd()));
    std::thread([&] { EXPECT_EQ(current(), *netns_id(outer->fd())); }).join();
  }
  EXPECT_EQ(current(), before);
}

// The far end of a veth pair disappears with its namespace: nothing else held it.
TEST(Netns, GoesAwayWithItsDescriptor) {
  auto near = Netns::create();
  ASSERT_TRUE(near);
  const auto inside = ScopedNetns::enter(*near);
  auto interfaces = Interfaces::open();
  ASSERT_TRUE(interfaces);
  {
    const auto far = Netns::create();
    ASSERT_TRUE(far);
    const auto added = interfaces->add_veth("near", "far", far->fd());
    ASSERT_TRUE(added) << added.error().message();
    EXPECT_NE(::if_nametoindex("near"), 0U);
  }
  for (int i = 0; i < 500 && ::if_nametoindex("near") != 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(::if_nametoindex("near"), 0U);
}

TEST(Interfaces, SayWhatWentWrong) {
  const auto netns = Netns::create();
  const auto inside = ScopedNetns::enter(*netns);
  auto interfaces = Interfaces::open();
  ASSERT_TRUE(interfaces && inside);
  const auto missing = interfaces->set_up("nothing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().error_number, ENODEV);
  EXPECT_THAT(missing.error().message(), testing::HasSubstr("nothing"));
  ASSERT_TRUE(interfaces->add_veth("a", "b", netns->fd()));
  const auto twice = interfaces->add_veth("a", "b", netns->fd());
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().error_number, EEXIST);
}

TEST(FdTable, KeepsWhatItWasFilledWithOutOfTheProcesssOwnTable) {
  const auto netns = Netns::create();
  const auto inside = ScopedNetns::enter(*netns);
  ASSERT_TRUE(inside);
  const auto failing =
      FdTable::create([]() -> Result<std::vector<UniqueFd>> { return fail("fill", "a table"); });
  EXPECT_FALSE(failing);
  int inherited = 0;
  const auto table = FdTable::create([&]() -> Result<std::vector<UniqueFd>> {
    // Descriptors of the process are not there.
    if (::fcntl(netns->fd(), F_GETFD) >= 0) ++inherited;
    return std::vector<UniqueFd>{};
  });
  EXPECT_TRUE(table);
  EXPECT_EQ(inherited, 0);
  EXPECT_GE(::fcntl(netns->fd(), F_GETFD), 0);
}

TEST(ScopedNetns, MovesOneThreadOnly) {
  const NetnsId before = current();
  const auto netns = Netns::create();
  ASSERT_TRUE(netns);
  std::thread([&] {
    const auto inside = ScopedNetns::enter(*netns);
    EXPECT_TRUE(inside);
    EXPECT_EQ(current(), *netns_id(netns->fd()));
  }).join();
  EXPECT_EQ(current(), before);
}

TEST(FdTable, CanBeReplaced) {
  const auto fill = []() -> Result<std::vector<UniqueFd>> { return std::vector<UniqueFd>{}; };
  auto first = FdTable::create(fill);
  auto second = FdTable::create(fill);
  ASSERT_TRUE(first && second);
  *first = std::move(*second);
}

TEST(Netns, EveryAddressCanBeMadeItsOwn) {
  const auto netns = Netns::create();
  ASSERT_TRUE(netns) << netns.error().message();
  for (const char *endpoint : {"192.0.2.1:80", "[2001:db8::1]:80"}) {
    const std::vector<SocketSpec> specs = {udp_socket(endpoint)};
    EXPECT_FALSE(SocketSet::create(*netns, specs)) << endpoint;
  }
  const auto made = netns->make_every_address_local();
  ASSERT_TRUE(made) << made.error().message();
  for (const char *endpoint : {"192.0.2.1:80", "[2001:db8::1]:80", "127.0.0.1:80"}) {
    SocketSpec spec = udp_socket(endpoint);
    const auto bound = SocketSet::create(*netns, {spec});
    EXPECT_TRUE(bound) << bound.error().message();
    // An established one is connected from within.
    spec.protocol = Protocol::kTcp;
    spec.peer = Endpoint{spec.local.address, 81};
    const auto established = SocketSet::create(*netns, {spec});
    EXPECT_TRUE(established) << established.error().message();
  }
}

}  // namespace
}  // namespace sklab
