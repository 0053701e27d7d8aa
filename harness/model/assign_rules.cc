// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/assign_rules.h"

#include <cerrno>

namespace sklab {
namespace {

int check_socket(const SocketSpec &socket, const Packet &packet) {
  // Established TCP sockets are reference counted, connected UDP sockets are in another state than
  // TCP_CLOSE: both are refused before protocol and family are looked at.
  if (socket.peer) return -ESOCKTNOSUPPORT;
  if (socket.protocol != packet.protocol) return -EPROTOTYPE;
  const bool same_family = socket.family == packet.source.address.family;
  if (!same_family && (socket.family == Family::kIpv4 || is_v6_only(socket))) return -EAFNOSUPPORT;
  return 0;
}

}  // namespace

bool is_v6_only(const SocketSpec &socket) {
  if (socket.family != Family::kIpv6) return false;
  const IpAddress &address = socket.local.address;
  return socket.v6_only || !(address.is_wildcard() || address.is_v4_mapped());
}

bool receives(const SocketSpec &socket, Family family) {
  if (socket.family == Family::kIpv4) return family == Family::kIpv4;
  // A v4-mapped address, be it that of the wildcard, is an IPv4 one.
  if (family == Family::kIpv6) return !socket.local.address.is_v4_mapped();
  return !is_v6_only(socket);
}

int check_assign(const SocketSpec *socket, uint64_t flags, const Packet &packet, bool selected) {
  if ((flags & ~(kAssignReplace | kAssignNoReuseport)) != 0) return -EINVAL;
  if (socket != nullptr) {
    if (const int error = check_socket(*socket, packet); error != 0) return error;
  }
  return selected && (flags & kAssignReplace) == 0 ? -EEXIST : 0;
}

}  // namespace sklab
