// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "harness/base/result.h"
#include "harness/model/address.h"

struct nl_sock;

namespace sklab {

struct InterfaceState {
  int index = 0;
  std::array<uint8_t, 6> hardware_address{};
  // Operational: what is sent on it is no longer thrown away.
  bool running = false;
};

// Where a route leads.
enum class RouteTo : uint8_t {
  kLink,  // out of the interface, without a gateway
  kHere,  // every address is local (RTN_LOCAL, in the local table)
};

// A rule of policy routing: which table is asked, in ascending order of priority.
struct RoutingRule {
  Family family = Family::kIpv4;
  uint32_t priority = 0;
  uint32_t table = 0;           // RT_TABLE_*
  std::string input_interface;  // none: any; "lo": what the netns itself sends
};

// Network interfaces of the netns that the calling thread is in when this is opened (a netlink
// socket keeps the netns it was made in). Names are interface names.
class Interfaces {
 public:
  static Result<Interfaces> open();

  Result<> set_up(const std::string &name);

  // Up, and nobody is asked for hardware addresses: every frame goes to the interface's own
  // (arp_constructor and ndisc_constructor for IFF_NOARP).
  Result<> set_up_without_arp(const std::string &name);

  Result<> set_hardware_address(const std::string &name, const std::array<uint8_t, 6> &address);

  Result<InterfaceState> state(const std::string &name);

  // An interface throws away what is sent for a moment after it was set up: its queue is connected
  // by a work queue (linkwatch_do_dev).
  // Errors: ETIMEDOUT.
  Result<> wait_until_running(const std::string &name);

  // IPv6 addresses are usable at once: no duplicate address detection.
  Result<> add_address(const std::string &name, const IpAddress &address, unsigned prefix_bits);

  // The kernel adds an IPv6 address's local route from a work queue, a moment after the address
  // itself: less than a millisecond, or seconds where other namespaces come and go at the same
  // time. Requires: no other route that leads there; and the thread is in the netns.
  static Result<> wait_until_reached(const IpAddress &address);

  Result<> add_default_route(const std::string &name, Family family, RouteTo to);

  // Every address of the prefix is local (RTN_LOCAL, in the local table).
  Result<> add_local_route(const std::string &name, const IpAddress &prefix, unsigned prefix_bits);

  Result<> add_rule(const RoutingRule &rule);
  Result<> remove_rule(const RoutingRule &rule);

  // A veth pair, one end here and the other in `peer_netns_fd`. Both are down.
  // Errors: EEXIST, EOPNOTSUPP without the veth module.
  Result<> add_veth(const std::string &name, const std::string &peer_name, int peer_netns_fd);

  // Lets the other end of a veth pair send XDP frames to this one, which needs a NAPI for them:
  // generic receive offload makes one, as an XDP program would (veth_set_features, veth_xdp_xmit).
  // Requires: the thread is in the netns.
  static Result<> turn_on_gro(const std::string &name);

 private:
  struct Close {
    void operator()(nl_sock *socket) const;
  };

  explicit Interfaces(nl_sock *socket) : socket_(socket) {}

  std::unique_ptr<nl_sock, Close> socket_;
};

}  // namespace sklab
