// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_books.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace sklab {
namespace {

enum class Layer : uint8_t { kIp, kUdp, kTcp };

// Counters of which one grows by 1 where a packet ends without a socket that took it; none of them
// is a part of another. A counter of IPv6 has a name of its own, if there is one.
struct NamedEnd {
  Layer layer;
  const char *ipv4;
  const char *ipv6;
};

constexpr NamedEnd kNamedEnds[] = {
    {Layer::kIp, "IpInHdrErrors", "Ip6InHdrErrors"},
    {Layer::kIp, "IpInAddrErrors", "Ip6InAddrErrors"},
    {Layer::kIp, "IpInUnknownProtos", "Ip6InUnknownProtos"},
    {Layer::kIp, "IpInDiscards", "Ip6InDiscards"},
    {Layer::kIp, "IpForwDatagrams", "Ip6OutForwDatagrams"},
    {Layer::kIp, "IpExtInNoRoutes", "Ip6InNoRoutes"},
    {Layer::kIp, "IpExtInTruncatedPkts", "Ip6InTruncatedPkts"},
    {Layer::kUdp, "UdpNoPorts", "Udp6NoPorts"},
    {Layer::kUdp, "UdpInCsumErrors", "Udp6InCsumErrors"},
    {Layer::kUdp, "UdpRcvbufErrors", "Udp6RcvbufErrors"},
    {Layer::kUdp, "UdpMemErrors", "Udp6MemErrors"},
    {Layer::kTcp, "TcpInCsumErrors", nullptr},
    {Layer::kTcp, "TcpExtListenDrops", nullptr},
    {Layer::kTcp, kEndByHopLimit, nullptr},
};

bool can_end_at(const NamedEnd &counter, Protocol protocol) {
  return counter.layer == Layer::kIp ||
         (counter.layer == Layer::kTcp) == (protocol == Protocol::kTcp);
}

const char *name_of(const NamedEnd &counter, Family family) {
  return family == Family::kIpv6 && counter.ipv6 != nullptr ? counter.ipv6 : counter.ipv4;
}

uint64_t growth(std::string_view name, const NetworkCounters &before,
                const NetworkCounters &after) {
  const auto was = before.find(name);
  const auto is = after.find(name);
  if (was == before.end() || is == after.end()) return 0;
  return is->second - was->second;
}

}  // namespace

std::string end_at_socket(const std::string &name) { return "socket " + name; }

std::string end_without_socket(Protocol protocol, Family family) {
  if (protocol == Protocol::kTcp) return kEndByReset;
  return family == Family::kIpv4 ? "UdpNoPorts" : "Udp6NoPorts";
}

std::string end_by_checksum(Protocol protocol, Family family) {
  if (protocol == Protocol::kTcp) return "TcpInCsumErrors";
  return family == Family::kIpv4 ? "UdpInCsumErrors" : "Udp6InCsumErrors";
}

PacketEnds ends_by_counters(Protocol protocol, Family family, const NetworkCounters &before,
                            const NetworkCounters &after) {
  PacketEnds ends;
  for (const NamedEnd &counter : kNamedEnds) {
    if (!can_end_at(counter, protocol)) continue;
    const char *name = name_of(counter, family);
    if (const uint64_t grown = growth(name, before, after); grown != 0) ends[name] = grown;
  }
  return ends;
}

uint64_t arrivals(Family family, const NetworkCounters &before, const NetworkCounters &after) {
  return growth(family == Family::kIpv4 ? "IpInReceives" : "Ip6InReceives", before, after);
}

Result<> check_ends(const PacketEnds &ends, const std::string &expected, uint64_t packets) {
  const auto found = ends.find(expected);
  if (ends.size() == 1 && found != ends.end() && found->second == packets) return Ok{};
  std::string seen;
  uint64_t ended = 0;
  for (const auto &[end, count] : ends) {
    seen += fmt::format("{} at {}, ", count, end);
    ended += count;
  }
  return fail_as(ErrorKind::kMismatch, fmt::format("see {} packets end at {}:", packets, expected),
                 fmt::format("{}{} nowhere", seen, static_cast<int64_t>(packets - ended)));
}

}  // namespace sklab
