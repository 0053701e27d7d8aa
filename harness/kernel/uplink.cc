// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/uplink.h"

#include <linux/if_ether.h>

#include <algorithm>
#include <utility>

#include "harness/kernel/interface.h"
#include "harness/kernel/sysctl.h"

namespace sklab {
namespace {

Result<InterfaceState> state_of(const Netns &netns, const char *name) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  SKLAB_CHECK(interfaces.wait_until_running(name));
  return interfaces.state(name);
}

Result<> add_interface(const Netns &server, const Netns &client) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(server));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  SKLAB_CHECK(interfaces.add_veth(kUplinkInterface, kUplinkFarEnd, client.fd()));
  return interfaces.set_up_without_arp(kUplinkInterface);
}

Result<> set_up_far_end(const Netns &client) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(client));
  // It would make an address and announce it.
  SKLAB_CHECK(write_sysctl("/proc/sys/net/ipv6/conf/client/disable_ipv6", "1"));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  return interfaces.set_up(kUplinkFarEnd);
}

// Once the interface is up, without which an IPv6 route through it would be dead.
Result<> set_up_routes(const Netns &netns, const char *interface,
                       std::span<const IpAddress> addresses) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  for (const IpAddress &address : addresses) {
    const unsigned bits = address.family == Family::kIpv4 ? 32 : 128;
    SKLAB_CHECK(interfaces.add_address(interface, address, bits));
    // Until then answers to it would leave by the default route.
    if (address.family == Family::kIpv6) SKLAB_CHECK(Interfaces::wait_until_reached(address));
  }
  SKLAB_CHECK(interfaces.add_default_route(interface, Family::kIpv4, RouteTo::kLink));
  return interfaces.add_default_route(interface, Family::kIpv6, RouteTo::kLink);
}

}  // namespace

Result<Uplink> Uplink::attach(const Netns &server, std::span<const IpAddress> addresses) {
  SKLAB_TRY(Netns client, Netns::create());
  SKLAB_CHECK(add_interface(server, client));
  SKLAB_CHECK(set_up_far_end(client));
  SKLAB_TRY(const InterfaceState server_end, state_of(server, kUplinkInterface));
  SKLAB_TRY(const InterfaceState client_end, state_of(client, kUplinkFarEnd));
  SKLAB_CHECK(set_up_routes(server, kUplinkInterface, addresses));
  Uplink uplink(std::move(client));
  uplink.server_interface_ = server_end.index;
  uplink.client_interface_ = client_end.index;
  uplink.server_address_ = server_end.hardware_address;
  uplink.client_address_ = client_end.hardware_address;
  return uplink;
}

Result<> Uplink::open_client(const IpAddress &address) {
  {
    SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(client_));
    SKLAB_CHECK(write_sysctl("/proc/sys/net/ipv6/conf/client/disable_ipv6", "0"));
    SKLAB_TRY(Interfaces interfaces, Interfaces::open());
    // Without ARP an interface sends frames to its own hardware address, so both have the same.
    SKLAB_CHECK(interfaces.set_hardware_address(kUplinkFarEnd, server_address_));
    SKLAB_CHECK(interfaces.set_up_without_arp(kUplinkFarEnd));
  }
  client_address_ = server_address_;
  return set_up_routes(client_, kUplinkFarEnd, {{address}});
}

std::array<uint8_t, 14> Uplink::arriving_header(Family family) const {
  const uint16_t type = family == Family::kIpv4 ? ETH_P_IP : ETH_P_IPV6;
  std::array<uint8_t, 14> header{};
  std::copy(server_address_.begin(), server_address_.end(), header.begin());
  std::copy(client_address_.begin(), client_address_.end(), header.begin() + ETH_ALEN);
  header[12] = static_cast<uint8_t>(type >> 8U);
  header[13] = static_cast<uint8_t>(type & 0xffU);
  return header;
}

}  // namespace sklab
