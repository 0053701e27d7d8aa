// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/wire.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "harness/kernel/interface.h"
#include "harness/kernel/sysctl.h"

namespace sklab {
namespace {

constexpr char kClientEnd[] = "client";

struct Sysctl {
  const char *path;
  std::string_view value;
};

// Documentation/networking/ip-sysctl.rst has them all.
constexpr Sysctl kServerSysctls[] = {
    // IPv4 takes 127.0.0.0/8 from another interface than the loopback one.
    {"/proc/sys/net/ipv4/conf/server/route_localnet", "1"},
    // Every address is local by its route; IPv6 sockets may bind to such addresses only with this.
    {"/proc/sys/net/ipv6/ip_nonlocal_bind", "1"},
    // Every packet is answered, however many come: ICMP errors, acknowledgements of bad segments.
    {"/proc/sys/net/ipv4/icmp_ratemask", "0"},
    {"/proc/sys/net/ipv6/icmp/ratemask", "\n"},
    {"/proc/sys/net/ipv4/tcp_invalid_ratelimit", "0"},
};

// Before its end is up, which would make an address and announce it.
constexpr Sysctl kClientSysctls[] = {{"/proc/sys/net/ipv6/conf/client/disable_ipv6", "1"}};

// Of the netns that the thread is in.
Result<> write_sysctls(std::span<const Sysctl> sysctls) {
  for (const auto &[path, value] : sysctls) SKLAB_CHECK(write_sysctl(path, value));
  return Ok{};
}

// What arrives is for here, and everything else, which is sent from here, leaves through the wire.
// The rule for what is sent stands before the local table, which would keep local addresses here.
// By the same rules every source address lies behind the wire, so that no source is a martian
// (fib_validate_source).
Result<> set_up_routes(Interfaces &interfaces, Family family) {
  constexpr uint32_t kOwn = 1;
  constexpr uint32_t kArriving = 2;
  SKLAB_CHECK(interfaces.add_default_route("lo", family, RouteTo::kHere));
  SKLAB_CHECK(interfaces.add_default_route(kWireInterface, family, RouteTo::kLink));
  SKLAB_CHECK(interfaces.add_rule({family, kOwn, RT_TABLE_MAIN, "lo"}));
  SKLAB_CHECK(interfaces.add_rule({family, kArriving, RT_TABLE_LOCAL, ""}));
  return interfaces.remove_rule({family, 0, RT_TABLE_LOCAL, ""});
}

Result<InterfaceState> set_up_server(const Netns &server, const Netns &client) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(server));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  SKLAB_CHECK(interfaces.add_veth(kWireInterface, kClientEnd, client.fd()));
  SKLAB_CHECK(write_sysctls(kServerSysctls));
  SKLAB_CHECK(interfaces.set_up_without_arp(kWireInterface));
  SKLAB_CHECK(set_up_routes(interfaces, Family::kIpv4));
  SKLAB_CHECK(set_up_routes(interfaces, Family::kIpv6));
  return interfaces.state(kWireInterface);
}

// The client's stack ignores what it receives: without ARP the server addresses its frames to its
// own hardware address, so that for the client they are somebody else's (PACKET_OTHERHOST).
Result<InterfaceState> set_up_client(const Netns &client) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(client));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  SKLAB_CHECK(write_sysctls(kClientSysctls));
  SKLAB_CHECK(interfaces.set_up(kClientEnd));
  SKLAB_CHECK(interfaces.wait_until_running(kClientEnd));
  return interfaces.state(kClientEnd);
}

Result<> wait_for_server(const Netns &server) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(server));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  return interfaces.wait_until_running(kWireInterface);
}

sockaddr_ll link_address(int interface, uint16_t protocol) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(protocol);
  address.sll_ifindex = interface;
  return address;
}

Result<UniqueFd> open_packet_socket(const Netns &client, int interface) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(client));
  UniqueFd fd(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return fail("open", "packet socket", errno);
  const sockaddr_ll address = link_address(interface, ETH_P_ALL);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0) {
    return fail("bind packet socket to", kClientEnd, errno);
  }
  return fd;
}

}  // namespace

Result<Wire> Wire::attach(const Netns &server) {
  SKLAB_TRY(Netns client, Netns::create());
  SKLAB_TRY(const InterfaceState server_end, set_up_server(server, client));
  SKLAB_TRY(const InterfaceState client_end, set_up_client(client));
  SKLAB_CHECK(wait_for_server(server));
  SKLAB_TRY(UniqueFd socket, open_packet_socket(client, client_end.index));
  Wire wire(std::move(client), std::move(socket));
  wire.interface_ = client_end.index;
  wire.server_address_ = server_end.hardware_address;
  return wire;
}

Result<> Wire::send(std::span<const uint8_t> packet) const {
  const bool ipv4 = !packet.empty() && packet[0] >> 4U == 4;
  sockaddr_ll address = link_address(interface_, ipv4 ? ETH_P_IP : ETH_P_IPV6);
  address.sll_halen = static_cast<uint8_t>(server_address_.size());
  std::copy(server_address_.begin(), server_address_.end(), address.sll_addr);
  const auto *to = reinterpret_cast<const sockaddr *>(&address);
  const ssize_t sent =
      ::sendto(socket_.get(), packet.data(), packet.size(), 0, to, sizeof(address));
  if (sent < 0) return fail("send packet to", kWireInterface, errno);
  return Ok{};
}

Result<std::span<const uint8_t>> Wire::receive(std::span<uint8_t> buffer, int timeout_ms) const {
  for (bool waited = timeout_ms == 0;; waited = true) {
    const ssize_t length = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (length >= 0) return buffer.first(static_cast<size_t>(length));
    if (errno != EAGAIN) return fail("receive packet from", kWireInterface, errno);
    if (waited) return std::span<const uint8_t>();
    pollfd ready{socket_.get(), POLLIN, 0};
    if (::poll(&ready, 1, timeout_ms) < 0 && errno != EINTR) {
      return fail("wait for packet from", kWireInterface, errno);
    }
  }
}

}  // namespace sklab
