// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/assign_rules.h"

#include <cerrno>

namespace sklab {

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

int check_flags(const AssignCall &call) {
  return (call.flags & ~(kAssignReplace | kAssignNoReuseport)) != 0 ? -EINVAL : 0;
}

int check_state(const AssignCall &call) {
  // Established TCP sockets are reference counted, connected UDP sockets are in another state than
  // TCP_CLOSE: both are refused before protocol and family are looked at.
  return call.socket != nullptr && call.socket->peer ? -ESOCKTNOSUPPORT : 0;
}

int check_protocol(const AssignCall &call) {
  return call.socket != nullptr && call.socket->protocol != call.packet.protocol ? -EPROTOTYPE : 0;
}

int check_family(const AssignCall &call) {
  if (call.socket == nullptr) return 0;
  const bool same = call.socket->family == call.packet.source.address.family;
  const bool dual_stack = call.socket->family == Family::kIpv6 && !is_v6_only(*call.socket);
  return same || dual_stack ? 0 : -EAFNOSUPPORT;
}

int check_selected(const AssignCall &call) {
  return call.selected && (call.flags & kAssignReplace) == 0 ? -EEXIST : 0;
}

Selection select_assigned(const AssignOperation &assign, const Selection & /*before*/) {
  return {assign.socket, (assign.flags & kAssignNoReuseport) != 0};
}

Selection keep_selection(const AssignOperation & /*assign*/, const Selection &before) {
  return before;
}

int check_assign(const Rules &rules, const AssignCall &call) {
  for (const auto check : rules.assign_checks) {
    if (const int error = check(call); error != 0) return error;
  }
  return 0;
}

}  // namespace sklab
