// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/interface.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "harness/kernel/netns.h"
#include "harness/kernel/socket_address.h"

namespace sklab {
namespace {

// Two netns with a veth pair, "near" in one and "far" in the other.
class VethTest : public testing::Test {
 protected:
  void SetUp() override {
    for (auto *netns : {&near_, &far_}) {
      auto created = Netns::create();
      ASSERT_TRUE(created) << created.error().message();
      netns->emplace(std::move(*created));
    }
    near_interfaces_.emplace(open_in(*near_));
    far_interfaces_.emplace(open_in(*far_));
    const auto added = near_interfaces_->add_veth("near", "far", far_->fd());
    ASSERT_TRUE(added) << added.error().message();
  }

  static Interfaces open_in(const Netns &netns) {
    const auto inside = ScopedNetns::enter(netns);
    return std::move(*Interfaces::open());
  }

  static bool exists(const Netns &netns, const char *name) {
    const auto inside = ScopedNetns::enter(netns);
    return ::if_nametoindex(name) != 0;
  }

  // bind(2) there: 0 or the errno.
  static int bind_error(const Netns &netns, const IpAddress &address) {
    const auto inside = ScopedNetns::enter(netns);
    const UniqueFd fd = udp_socket(address.family);
    const SocketAddress name(Endpoint{address, 7000}, address.family);
    return ::bind(fd.get(), name.get(), name.size()) == 0 ? 0 : errno;
  }

  static UniqueFd udp_socket(Family family) {
    return UniqueFd(
        ::socket(family == Family::kIpv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  }

  std::optional<Netns> near_;
  std::optional<Netns> far_;
  std::optional<Interfaces> near_interfaces_;
  std::optional<Interfaces> far_interfaces_;
};

struct AddressCase {
  const char *near;
  const char *far;
  unsigned prefix_bits;
};
constexpr AddressCase kAddressCases[] = {
    {"10.7.0.1", "10.7.0.2", 24}, {"10.7.1.1", "10.7.1.2", 30}, {"fd07::1", "fd07::2", 64}};

TEST_F(VethTest, EachEndIsInItsOwnNetns) {
  EXPECT_TRUE(exists(*near_, "near"));
  EXPECT_FALSE(exists(*near_, "far"));
  EXPECT_TRUE(exists(*far_, "far"));
  EXPECT_FALSE(exists(*far_, "near"));
}

TEST_F(VethTest, ADatagramCrosses) {
  ASSERT_TRUE(near_interfaces_->set_up("near"));
  ASSERT_TRUE(far_interfaces_->set_up("far"));
  for (const AddressCase &c : kAddressCases) {
    SCOPED_TRACE(c.near + std::string("/") + std::to_string(c.prefix_bits));
    const IpAddress near = *parse_address(c.near);
    const IpAddress far = *parse_address(c.far);
    const auto near_added = near_interfaces_->add_address("near", near, c.prefix_bits);
    const auto far_added = far_interfaces_->add_address("far", far, c.prefix_bits);
    ASSERT_TRUE(near_added && far_added);
    const SocketAddress receiver(Endpoint{far, 7000}, far.family);
    const auto to_far = ScopedNetns::enter(*far_);
    const UniqueFd in = udp_socket(far.family);
    const timeval timeout{5, 0};
    ASSERT_EQ(::setsockopt(in.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)), 0);
    ASSERT_EQ(::bind(in.get(), receiver.get(), receiver.size()), 0);
    const auto to_near = ScopedNetns::enter(*near_);
    const UniqueFd out = udp_socket(near.family);
    ASSERT_EQ(::sendto(out.get(), "x", 1, 0, receiver.get(), receiver.size()), 1);
    char byte = 0;
    EXPECT_EQ(::recv(in.get(), &byte, 1, 0), 1);
    EXPECT_EQ(byte, 'x');
  }
}

// Duplicate address detection would make bind fail with EADDRNOTAVAIL for a second or more.
TEST_F(VethTest, AnAddressCanBeUsedAtOnceAndOnlyThere) {
  ASSERT_TRUE(near_interfaces_->set_up("near"));
  ASSERT_TRUE(far_interfaces_->set_up("far"));
  for (const char *text : {"10.8.0.1", "fd08::1"}) {
    const IpAddress address = *parse_address(text);
    EXPECT_EQ(bind_error(*near_, address), EADDRNOTAVAIL) << text;
    ASSERT_TRUE(near_interfaces_->add_address("near", address, 32));
    EXPECT_EQ(bind_error(*near_, address), 0) << text;
    EXPECT_EQ(bind_error(*far_, address), EADDRNOTAVAIL) << text;
  }
}

// What they change is where they were opened, wherever the thread went.
TEST_F(VethTest, InterfacesStayInTheNetnsTheyWereOpenedIn) {
  const IpAddress address = *parse_address("10.9.0.1");
  {
    const auto elsewhere = ScopedNetns::enter(*far_);
    ASSERT_TRUE(near_interfaces_->set_up("near"));
    const auto added = near_interfaces_->add_address("near", address, 24);
    ASSERT_TRUE(added) << added.error().message();
  }
  EXPECT_EQ(bind_error(*near_, address), 0);
  EXPECT_EQ(bind_error(*far_, address), EADDRNOTAVAIL);
}

TEST_F(VethTest, AnInterfaceRunsWhenBothEndsAreUp) {
  ASSERT_TRUE(near_interfaces_->set_up("near"));
  EXPECT_FALSE(near_interfaces_->state("near")->running);
  ASSERT_TRUE(far_interfaces_->set_up_without_arp("far"));
  EXPECT_TRUE(near_interfaces_->wait_until_running("near"));
  EXPECT_TRUE(far_interfaces_->wait_until_running("far"));
  const auto near = near_interfaces_->state("near");
  const auto far = far_interfaces_->state("far");
  ASSERT_TRUE(near && far);
  EXPECT_TRUE(near->running && far->running);
  EXPECT_NE(near->hardware_address, far->hardware_address);
  const auto inside = ScopedNetns::enter(*near_);
  EXPECT_EQ(static_cast<int>(::if_nametoindex("near")), near->index);
}

// No neighbour is there to answer, and none is asked: the frame leaves at once.
TEST_F(VethTest, ADefaultRouteLeadsEverywhere) {
  ASSERT_TRUE(near_interfaces_->set_up_without_arp("near"));
  ASSERT_TRUE(far_interfaces_->set_up("far"));
  ASSERT_TRUE(near_interfaces_->wait_until_running("near"));
  for (const char *text : {"203.0.113.7", "2001:db8::7"}) {
    const IpAddress address = *parse_address(text);
    const SocketAddress peer(Endpoint{address, 7000}, address.family);
    const auto inside = ScopedNetns::enter(*near_);
    const UniqueFd fd = udp_socket(address.family);
    EXPECT_EQ(::connect(fd.get(), peer.get(), peer.size()), -1) << text;
    EXPECT_EQ(errno, ENETUNREACH) << text;
    const auto added = near_interfaces_->add_default_route("near", address.family, RouteTo::kLink);
    ASSERT_TRUE(added) << added.error().message();
    EXPECT_EQ(::connect(fd.get(), peer.get(), peer.size()), 0) << text << ": " << errno;
  }
}

TEST_F(VethTest, ADefaultRouteCanMakeEveryAddressLocal) {
  const IpAddress address = *parse_address("203.0.113.7");
  EXPECT_EQ(bind_error(*near_, address), EADDRNOTAVAIL);
  const auto added = near_interfaces_->add_default_route("lo", Family::kIpv4, RouteTo::kHere);
  ASSERT_TRUE(added) << added.error().message();
  EXPECT_EQ(bind_error(*near_, address), 0);
  EXPECT_EQ(bind_error(*far_, address), EADDRNOTAVAIL);
}

// Without its rule the local table is not asked, and what is local elsewhere leaves.
TEST_F(VethTest, RulesSayWhichTableIsAsked) {
  ASSERT_TRUE(near_interfaces_->set_up("near"));
  ASSERT_TRUE(far_interfaces_->set_up("far"));
  ASSERT_TRUE(near_interfaces_->wait_until_running("near"));
  for (const char *text : {"127.0.0.1", "fd00::1"}) {
    const IpAddress address = *parse_address(text);
    const SocketAddress peer(Endpoint{address, 7000}, address.family);
    const RoutingRule local{address.family, 0, RT_TABLE_LOCAL, ""};
    const RoutingRule own{address.family, 7, RT_TABLE_MAIN, "lo"};
    const RoutingRule after{address.family, 8, RT_TABLE_LOCAL, "lo"};
    const auto inside = ScopedNetns::enter(*near_);
    const auto connect_error = [&] {
      const UniqueFd fd = udp_socket(address.family);
      return ::connect(fd.get(), peer.get(), peer.size()) == 0 ? 0 : errno;
    };
    // One first: IPv6 keeps to its default rules until a rule was added (fib6_has_custom_rules).
    ASSERT_TRUE(near_interfaces_->add_rule(own)) << text;
    EXPECT_EQ(connect_error(), 0) << text;
    ASSERT_TRUE(near_interfaces_->remove_rule(local)) << text;
    EXPECT_EQ(connect_error(), ENETUNREACH) << text;
    ASSERT_TRUE(near_interfaces_->add_rule(after)) << text;
    EXPECT_EQ(connect_error(), 0) << text;
    EXPECT_EQ(near_interfaces_->add_rule(own).error().error_number, EEXIST) << text;
    EXPECT_EQ(near_interfaces_->remove_rule(local).error().error_number, ENOENT) << text;
  }
}

TEST_F(VethTest, ReceiveOffloadIsOffUntilItIsTurnedOn) {
  const auto inside = ScopedNetns::enter(*near_);
  const UniqueFd socket = udp_socket(Family::kIpv4);
  ethtool_value offload{ETHTOOL_GGRO, 1};
  ifreq request{};
  std::strcpy(request.ifr_name, "near");
  request.ifr_data = reinterpret_cast<char *>(&offload);
  ASSERT_EQ(::ioctl(socket.get(), SIOCETHTOOL, &request), 0);
  EXPECT_EQ(offload.data, 0U);
  ASSERT_TRUE(Interfaces::turn_on_gro("near"));
  ASSERT_EQ(::ioctl(socket.get(), SIOCETHTOOL, &request), 0);
  EXPECT_EQ(offload.data, 1U);
  const auto missing = Interfaces::turn_on_gro("missing");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().error_number, ENODEV);
  EXPECT_EQ(missing.error().object, "missing");
}

TEST_F(VethTest, ErrorsHaveTheirErrnoAndTheirObject) {
  const IpAddress address = *parse_address("10.9.0.1");
  ASSERT_TRUE(near_interfaces_->add_address("near", address, 24));
  struct Case {
    Result<> result;
    int error_number;
    const char *object;
  };
  const Case cases[] = {
      {near_interfaces_->add_address("near", address, 24), EEXIST, "near"},
      {near_interfaces_->add_veth("near", "other", far_->fd()), EEXIST, "near"},
      {near_interfaces_->add_veth("other", "far", far_->fd()), EEXIST, "other"},
      {near_interfaces_->add_address("missing", address, 24), ENODEV, "missing"},
      {near_interfaces_->set_up("missing"), ENODEV, "missing"},
      {near_interfaces_->set_up("far"), ENODEV, "far"},
      {near_interfaces_->wait_until_running("missing"), ENODEV, "missing"},
      {near_interfaces_->add_default_route("missing", Family::kIpv4, RouteTo::kLink), ENODEV,
       "missing"},
  };
  for (const Case &c : cases) {
    ASSERT_FALSE(c.result) << c.object;
    EXPECT_EQ(c.result.error().error_number, c.error_number) << c.result.error().message();
    EXPECT_EQ(c.result.error().object, c.object);
  }
  // The refused pair left nothing behind.
  EXPECT_FALSE(exists(*near_, "other"));
}

}  // namespace
}  // namespace sklab
