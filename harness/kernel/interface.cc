// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/interface.h"

#include <linux/ethtool.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netlink/errno.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>
#include <netlink/socket.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "harness/base/unique_fd.h"
#include "harness/kernel/socket_address.h"

namespace sklab {
namespace {

// libnl has error codes of its own; these are the ones that have a meaning for our callers.
int errno_of(int libnl_error) {
  switch (-libnl_error) {
    case NLE_EXIST:
      return EEXIST;
    case NLE_NODEV:
      return ENODEV;
    case NLE_OPNOTSUPP:
      return EOPNOTSUPP;
    case NLE_PERM:
      return EPERM;
    case NLE_OBJ_NOTFOUND:
      return ENOENT;
    case NLE_NOADDR:
      return EADDRNOTAVAIL;
    default:
      return EIO;
  }
}

Result<> check(int libnl_error, const char *operation, const std::string &object) {
  if (libnl_error >= 0) return Ok{};
  const int error = errno_of(libnl_error);
  // A kind of interface, or a family, that the kernel was built without.
  const ErrorKind kind = error == EOPNOTSUPP ? ErrorKind::kUnavailable : ErrorKind::kHarness;
  return fail_as(kind, operation, object, error, nl_geterror(libnl_error));
}

template <auto put>
struct Put {
  template <typename T>
  void operator()(T *object) const {
    put(object);
  }
};
using Link = std::unique_ptr<rtnl_link, Put<rtnl_link_put>>;
using Address = std::unique_ptr<rtnl_addr, Put<rtnl_addr_put>>;
using Route = std::unique_ptr<rtnl_route, Put<rtnl_route_put>>;
using Rule = std::unique_ptr<rtnl_rule, Put<rtnl_rule_put>>;
using NlAddress = std::unique_ptr<nl_addr, Put<nl_addr_put>>;

// By the socket, and not if_nametoindex: the thread may be in another netns by now.
Result<Link> find_link(nl_sock *socket, const std::string &name) {
  rtnl_link *found = nullptr;
  SKLAB_CHECK(check(rtnl_link_get_kernel(socket, 0, name.c_str(), &found), "find interface", name));
  return Link(found);
}

int number_of(Family family) { return family == Family::kIpv4 ? AF_INET : AF_INET6; }

Result<> set_flags(nl_sock *socket, const std::string &name, unsigned flags) {
  SKLAB_TRY(const Link link, find_link(socket, name));
  const Link change(rtnl_link_alloc());
  rtnl_link_set_flags(change.get(), flags);
  return check(rtnl_link_change(socket, link.get(), change.get(), 0), "set interface up", name);
}

Result<> add_route(nl_sock *socket, const std::string &name, const IpAddress &prefix,
                   unsigned prefix_bits, RouteTo to) {
  SKLAB_TRY(const Link link, find_link(socket, name));
  const NlAddress destination(nl_addr_build(number_of(prefix.family), prefix.bytes.data(),
                                            prefix.family == Family::kIpv4 ? 4 : 16));
  nl_addr_set_prefixlen(destination.get(), static_cast<int>(prefix_bits));
  const Route route(rtnl_route_alloc());
  rtnl_route_set_family(route.get(), static_cast<uint8_t>(number_of(prefix.family)));
  rtnl_route_set_dst(route.get(), destination.get());
  const bool here = to == RouteTo::kHere;
  rtnl_route_set_type(route.get(), here ? RTN_LOCAL : RTN_UNICAST);
  rtnl_route_set_table(route.get(), here ? RT_TABLE_LOCAL : RT_TABLE_MAIN);
  rtnl_route_set_scope(route.get(), here ? RT_SCOPE_HOST : RT_SCOPE_LINK);
  rtnl_nexthop *hop = rtnl_route_nh_alloc();
  rtnl_route_nh_set_ifindex(hop, rtnl_link_get_ifindex(link.get()));
  rtnl_route_add_nexthop(route.get(), hop);  // which owns it from here on
  return check(rtnl_route_add(socket, route.get(), NLM_F_CREATE | NLM_F_EXCL),
               prefix_bits == 0 ? "add default route through" : "add route through", name);
}

Rule build_rule(const RoutingRule &rule) {
  Rule request(rtnl_rule_alloc());
  rtnl_rule_set_family(request.get(), number_of(rule.family));
  rtnl_rule_set_prio(request.get(), rule.priority);
  rtnl_rule_set_table(request.get(), rule.table);
  rtnl_rule_set_action(request.get(), FR_ACT_TO_TBL);
  if (!rule.input_interface.empty()) {
    rtnl_rule_set_iif(request.get(), rule.input_interface.c_str());
  }
  return request;
}

}  // namespace

void Interfaces::Close::operator()(nl_sock *socket) const { nl_socket_free(socket); }

Result<Interfaces> Interfaces::open() {
  Interfaces interfaces(nl_socket_alloc());
  if (!interfaces.socket_) return fail("allocate", "netlink socket", ENOMEM);
  SKLAB_CHECK(
      check(nl_connect(interfaces.socket_.get(), NETLINK_ROUTE), "connect", "netlink socket"));
  return interfaces;
}

Result<> Interfaces::set_up(const std::string &name) {
  return set_flags(socket_.get(), name, IFF_UP);
}

Result<> Interfaces::set_up_without_arp(const std::string &name) {
  return set_flags(socket_.get(), name, IFF_UP | IFF_NOARP);
}

Result<> Interfaces::set_hardware_address(const std::string &name,
                                          const std::array<uint8_t, 6> &address) {
  SKLAB_TRY(const Link link, find_link(socket_.get(), name));
  const Link change(rtnl_link_alloc());
  const NlAddress hardware(nl_addr_build(AF_LLC, address.data(), address.size()));
  rtnl_link_set_addr(change.get(), hardware.get());
  return check(rtnl_link_change(socket_.get(), link.get(), change.get(), 0),
               "set hardware address of", name);
}

Result<InterfaceState> Interfaces::state(const std::string &name) {
  SKLAB_TRY(const Link link, find_link(socket_.get(), name));
  InterfaceState state;
  state.index = rtnl_link_get_ifindex(link.get());
  state.running = (rtnl_link_get_flags(link.get()) & IFF_RUNNING) != 0;
  const nl_addr *address = rtnl_link_get_addr(link.get());
  if (address != nullptr && nl_addr_get_len(address) == state.hardware_address.size()) {
    const auto *bytes = static_cast<const uint8_t *>(nl_addr_get_binary_addr(address));
    std::copy_n(bytes, state.hardware_address.size(), state.hardware_address.begin());
  }
  return state;
}

Result<> Interfaces::wait_until_running(const std::string &name) {
  constexpr int kAttempts = 20000;
  constexpr auto kPause = std::chrono::microseconds(250);
  for (int i = 0; i < kAttempts; ++i) {
    SKLAB_TRY(const InterfaceState now, state(name));
    if (now.running) return Ok{};
    std::this_thread::sleep_for(kPause);
  }
  return fail("wait for interface", name, ETIMEDOUT);
}

Result<> Interfaces::add_address(const std::string &name, const IpAddress &address,
                                 unsigned prefix_bits) {
  SKLAB_TRY(const Link link, find_link(socket_.get(), name));
  const bool ipv4 = address.family == Family::kIpv4;
  const NlAddress local(
      nl_addr_build(number_of(address.family), address.bytes.data(), ipv4 ? 4 : 16));
  nl_addr_set_prefixlen(local.get(), static_cast<int>(prefix_bits));
  const Address request(rtnl_addr_alloc());
  rtnl_addr_set_ifindex(request.get(), rtnl_link_get_ifindex(link.get()));
  rtnl_addr_set_local(request.get(), local.get());
  if (!ipv4) {
    // Nobody else is in a prefix of one address: only the local route is wanted then, so that
    // whoever finds a route finds the right one.
    const unsigned no_prefix_route = prefix_bits == 128 ? IFA_F_NOPREFIXROUTE : 0;
    rtnl_addr_set_flags(request.get(), IFA_F_NODAD | no_prefix_route);
  }
  return check(rtnl_addr_add(socket_.get(), request.get(), 0), "add address to", name);
}

Result<> Interfaces::wait_until_reached(const IpAddress &address) {
  constexpr auto kLimit = std::chrono::seconds(20);
  constexpr auto kPause = std::chrono::microseconds(50);
  const UniqueFd fd(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) {
    const ErrorKind kind = errno == EAFNOSUPPORT ? ErrorKind::kUnavailable : ErrorKind::kHarness;
    return fail_as(kind, "open", "IPv6 UDP socket", errno);
  }
  const SocketAddress peer(Endpoint{address, 9}, Family::kIpv6);
  const auto end = std::chrono::steady_clock::now() + kLimit;
  while (std::chrono::steady_clock::now() < end) {
    if (::connect(fd.get(), peer.get(), peer.size()) == 0) return Ok{};
    if (errno != ENETUNREACH && errno != EADDRNOTAVAIL) break;
    std::this_thread::sleep_for(kPause);
  }
  return fail("reach", "this host's own address " + address.text(), errno);
}

Result<> Interfaces::add_default_route(const std::string &name, Family family, RouteTo to) {
  return add_route(socket_.get(), name, {family, {}}, 0, to);
}

Result<> Interfaces::add_local_route(const std::string &name, const IpAddress &prefix,
                                     unsigned prefix_bits) {
  return add_route(socket_.get(), name, prefix, prefix_bits, RouteTo::kHere);
}

Result<> Interfaces::add_rule(const RoutingRule &rule) {
  const Rule request = build_rule(rule);
  return check(rtnl_rule_add(socket_.get(), request.get(), NLM_F_CREATE | NLM_F_EXCL),
               "add routing rule", std::to_string(rule.priority));
}

Result<> Interfaces::remove_rule(const RoutingRule &rule) {
  const Rule request = build_rule(rule);
  return check(rtnl_rule_delete(socket_.get(), request.get(), 0), "remove routing rule",
               std::to_string(rule.priority));
}

Result<> Interfaces::add_veth(const std::string &name, const std::string &peer_name,
                              int peer_netns_fd) {
  const Link link(rtnl_link_veth_alloc());
  if (!link) return fail("allocate", "veth", ENOMEM);
  // Borrowed from `link`: rtnl_link_veth_get_peer takes a reference that has to be given back.
  const Link peer(rtnl_link_veth_get_peer(link.get()));
  rtnl_link_set_name(link.get(), name.c_str());
  rtnl_link_set_name(peer.get(), peer_name.c_str());
  rtnl_link_set_ns_fd(peer.get(), peer_netns_fd);
  return check(rtnl_link_add(socket_.get(), link.get(), NLM_F_CREATE | NLM_F_EXCL), "create veth",
               name);
}

Result<> Interfaces::turn_on_gro(const std::string &name) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ethtool_value offload{ETHTOOL_SGRO, 1};
  ifreq request{};
  request.ifr_data = reinterpret_cast<char *>(&offload);
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (socket.valid() && ::ioctl(socket.get(), SIOCETHTOOL, &request) == 0) return Ok{};
  return fail("turn on receive offload of interface", name, errno);
}

}  // namespace sklab
