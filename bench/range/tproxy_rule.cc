// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/tproxy_rule.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "harness/base/child_process.h"

namespace sklab {
namespace {

constexpr double kNftLimitS = 10;

}  // namespace

std::string tproxy_rules(const FamilyCase &family, const Endpoint &server) {
  const bool ipv4 = family.range.family == Family::kIpv4;
  const char *protocol = family.protocol == Protocol::kTcp ? "tcp" : "udp";
  const std::string address = server.address.text();
  return fmt::format(
      "table {0} sklab {{\n"
      "  chain prerouting {{\n"
      "    type filter hook prerouting priority mangle; policy accept;\n"
      "    {0} daddr {1}/{2} {3} dport {4}-{5} tproxy to {6}:{7} accept\n"
      "  }}\n"
      "}}\n",
      ipv4 ? "ip" : "ip6", family.range.text(), range_prefix_bits(family), protocol, kRangePortLow,
      kRangePortHigh, ipv4 ? address : "[" + address + "]", server.port);
}

Result<std::string> find_nft() { return find_program("nft", "nftables"); }

Result<> add_tproxy_rule(const FamilyCase &family, const Endpoint &server) {
  SKLAB_TRY(const std::string nft, find_nft());
  ChildCommand command;
  command.arguments = {nft, tproxy_rules(family, server)};
  auto output = output_of(command, kNftLimitS);
  if (output) return Ok{};
  // nft shows the rule below what it says of it.
  const std::string said = output.error().message();
  return fail_as(
      ErrorKind::kUnavailable, "add a TPROXY rule:", said.substr(0, said.find("\\x0a")), 0,
      "the kernel needs NFT_TPROXY; a guest's may have to be removed, and fetched again");
}

Result<> make_transparent(int socket_fd, Family family) {
  const int on = 1;
  const bool ipv4 = family == Family::kIpv4;
  if (::setsockopt(socket_fd, ipv4 ? IPPROTO_IP : IPPROTO_IPV6,
                   ipv4 ? IP_TRANSPARENT : IPV6_TRANSPARENT, &on, sizeof(on)) == 0) {
    return Ok{};
  }
  return fail("set socket option", ipv4 ? "IP_TRANSPARENT" : "IPV6_TRANSPARENT", errno);
}

}  // namespace sklab
