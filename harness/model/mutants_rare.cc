// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <algorithm>
#include <cerrno>

#include "harness/model/assign_rules.h"
#include "harness/model/hashtable_rules.h"
#include "harness/model/mutants.h"
#include "harness/model/reuseport_rules.h"

namespace sklab {
namespace {

Combination &combination(Rules &rules, Dialect dialect) {
  return rules.combinations[static_cast<size_t>(dialect)];
}

template <Dialect kDialect>
const Combination &right_combination() {
  return kernel_rules().combinations[static_cast<size_t>(kDialect)];
}

// Programs after the first `kPosition` are treated as if they asked for another action.
template <Dialect kDialect, unsigned kPosition, Action kInstead>
void replace_action_from(Rules &rules) {
  combination(rules, kDialect).after = [](RunState &state, Action action) {
    right_combination<kDialect>().after(state, state.position >= kPosition ? kInstead : action);
  };
}

// Another error for some calls that the kernel allows.
template <bool (*kRefused)(const AssignCall &), int kError>
void refuse(Rules &rules) {
  rules.assign_checks.push_back(
      [](const AssignCall &call) { return kRefused(call) ? -kError : 0; });
}

constexpr uint64_t kBothFlags = kAssignReplace | kAssignNoReuseport;

bool both_flags_on_udp_over_ipv6(const AssignCall &call) {
  return call.flags == kBothFlags && call.socket != nullptr &&
         call.socket->protocol == Protocol::kUdp && call.socket->family == Family::kIpv6;
}
bool no_reuseport_on_tcp_wildcard(const AssignCall &call) {
  return call.flags == kAssignNoReuseport && call.socket != nullptr &&
         call.socket->protocol == Protocol::kTcp && call.socket->local.address.is_wildcard();
}
bool replacing_by_v4_mapped(const AssignCall &call) {
  return call.selected && call.socket != nullptr && call.socket->local.address.is_v4_mapped();
}
bool null_over_selection_with_both_flags(const AssignCall &call) {
  return call.selected && call.socket == nullptr && call.flags == kBothFlags;
}
bool to_port_51966(const AssignCall &call) { return call.packet.destination.port == 51966; }
bool from_port_47802(const AssignCall &call) { return call.packet.source.port == 47802; }

constexpr Mutant kRareMutants[] = {
    {"rare: pass_drop: drops count in the first two programs only",
     [](Rules &rules) {
       combination(rules, Dialect::kPassDrop).after = [](RunState &state, Action action) {
         const bool dropped = state.dropped;
         right_combination<Dialect::kPassDrop>().after(state, action);
         if (state.position >= 2) state.dropped = dropped;
       };
     }},
    {"rare: pass_drop: the fourth program and later ones cannot replace a selection",
     [](Rules &rules) {
       combination(rules, Dialect::kPassDrop).after = [](RunState &state, Action action) {
         const Selection before = state.remembered;
         right_combination<Dialect::kPassDrop>().after(state, action);
         if (state.position >= 3 && before.socket) state.remembered = before;
       };
     }},
    {"rare: pass_drop: the eighth program and later ones start without a selection",
     [](Rules &rules) {
       combination(rules, Dialect::kPassDrop).before = [](RunState &state) {
         right_combination<Dialect::kPassDrop>().before(state);
         if (state.position >= 7) state.context = {};
       };
     }},
    {"rare: pass_drop: a drop of the third program clears what the first two selected",
     [](Rules &rules) {
       combination(rules, Dialect::kPassDrop).after = [](RunState &state, Action action) {
         right_combination<Dialect::kPassDrop>().after(state, action);
         if (state.position == 2 && action == Action::kDrop) state.remembered = {};
       };
     }},
    {"rare: redirect: REDIRECT of the third program and later ones is OK",
     [](Rules &rules) {
       combination(rules, Dialect::kRedirect).after = [](RunState &state, Action action) {
         const bool redirected = state.redirected;
         right_combination<Dialect::kRedirect>().after(state, action);
         if (state.position >= 2) state.redirected = redirected;
       };
     }},
    {"rare: redirect: a drop after two programs takes a REDIRECT back",
     [](Rules &rules) {
       combination(rules, Dialect::kRedirect).after = [](RunState &state, Action action) {
         right_combination<Dialect::kRedirect>().after(state, action);
         if (state.position >= 2 && action == Action::kDrop) state.redirected = false;
       };
     }},
    {"rare: redirect: the fifth program and later ones do not count",
     replace_action_from<Dialect::kRedirect, 4, Action::kPass>},
    {"rare: ok_drop: the fourth program starts without a selection",
     [](Rules &rules) {
       combination(rules, Dialect::kOkDrop).before = [](RunState &state) {
         if (state.position == 3) state.context = {};
       };
     }},
    {"rare: ok_drop: the third program and later ones always pass",
     replace_action_from<Dialect::kOkDrop, 2, Action::kPass>},
    {"rare: assign: both flags are refused for UDP over IPv6",
     refuse<both_flags_on_udp_over_ipv6, EINVAL>},
    {"rare: assign: NO_REUSEPORT alone is refused for TCP wildcards",
     refuse<no_reuseport_on_tcp_wildcard, EINVAL>},
    {"rare: assign: a v4-mapped socket cannot replace", refuse<replacing_by_v4_mapped, EEXIST>},
    {"rare: assign: NULL with both flags cannot clear",
     refuse<null_over_selection_with_both_flags, EEXIST>},
    {"rare: assign: bit 31 of the flags is allowed",
     [](Rules &rules) {
       rules.assign_checks[0] = [](const AssignCall &call) {
         AssignCall other = call;
         other.flags &= ~(uint64_t{1} << 31);
         return check_flags(other);
       };
     }},
    {"rare: assign: connected v4-mapped UDP sockets are allowed",
     [](Rules &rules) {
       rules.assign_checks[1] = [](const AssignCall &call) {
         const bool mapped = call.socket != nullptr && call.socket->protocol == Protocol::kUdp &&
                             call.socket->local.address.is_v4_mapped();
         return mapped ? 0 : check_state(call);
       };
     }},
    {"rare: lookup: groups of dual-stack sockets do not get IPv4 packets",
     [](Rules &rules) {
       rules.score = [](const SocketSpec &socket, const Packet &packet) {
         const bool other = socket.family != packet.source.address.family;
         return other && socket.reuseport_group ? -1 : hashtable_score(socket, packet);
       };
     }},
    {"rare: lookup: connected UDP over IPv6 gets packets from every port",
     [](Rules &rules) {
       rules.is_connected_to = [](const SocketSpec &socket, const Packet &packet) {
         if (!socket.peer || socket.protocol != Protocol::kUdp || socket.family != Family::kIpv6) {
           return is_connected_to(socket, packet);
         }
         Packet from_peer = packet;
         from_peer.source.port = socket.peer->port;
         return is_connected_to(socket, from_peer);
       };
     }},
    {"rare: reuseport: groups over TCP give the selected socket itself",
     [](Rules &rules) {
       rules.reuseport = [](const Scenario &scenario, Arrival arrival, size_t socket,
                            std::vector<size_t> &choices) {
         if (scenario.sockets[socket].protocol == Protocol::kTcp) return choices.push_back(socket);
         reuseport_choices(scenario, arrival, socket, choices);
       };
     }},
    {"needle: nothing can be assigned to packets to port 51966", refuse<to_port_51966, EACCES>},
    {"needle: nothing can be assigned to packets from port 47802", refuse<from_port_47802, EACCES>},
};

}  // namespace

std::span<const Mutant> rare_mutants() { return kRareMutants; }

}  // namespace sklab
