// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutant_lists.h"

#include <cerrno>
#include <utility>

#include "harness/model/assign_rules.h"

namespace sklab {
namespace {

// The assign checks, by their place in the order: flags, state, protocol, family, selected.
template <size_t kCheck>
void leave_out(Rules &rules) {
  rules.assign_checks.erase(rules.assign_checks.begin() + kCheck);
}
template <size_t kFirst>
void swap_with_next(Rules &rules) {
  std::swap(rules.assign_checks[kFirst], rules.assign_checks[kFirst + 1]);
}
template <size_t kCheck, int kError>
void replace_error(Rules &rules) {
  rules.assign_checks[kCheck] = [](const AssignCall &call) {
    return kernel_rules().assign_checks[kCheck](call) == 0 ? 0 : -kError;
  };
}

constexpr Mutant kAssignMutants[] = {
    {"assign: any flags are allowed", leave_out<0>},
    {"assign: connected sockets are allowed", leave_out<1>},
    {"assign: any protocol is allowed", leave_out<2>},
    {"assign: any family is allowed", leave_out<3>},
    {"assign: a selection may be replaced without the flag", leave_out<4>},
    {"assign: the state is checked before the flags", swap_with_next<0>},
    {"assign: the protocol is checked before the state", swap_with_next<1>},
    {"assign: the family is checked before the protocol", swap_with_next<2>},
    {"assign: the selection is checked before the family", swap_with_next<3>},
    {"assign: a connected socket is EPROTOTYPE", replace_error<1, EPROTOTYPE>},
    {"assign: a wrong protocol is EPROTONOSUPPORT", replace_error<2, EPROTONOSUPPORT>},
    {"assign: a wrong family is EPROTOTYPE", replace_error<3, EPROTOTYPE>},
    {"assign: a selection in the way is EBUSY", replace_error<4, EBUSY>},
    {"assign: the third flag is allowed",
     [](Rules &rules) {
       rules.assign_checks[0] = [](const AssignCall &call) { return call.flags > 7 ? -EINVAL : 0; };
     }},
    {"assign: flags beyond 32 bits are not looked at",
     [](Rules &rules) {
       rules.assign_checks[0] = [](const AssignCall &call) {
         AssignCall low = call;
         low.flags = static_cast<uint32_t>(call.flags);
         return check_flags(low);
       };
     }},
    {"assign: NULL may have any flags",
     [](Rules &rules) {
       rules.assign_checks[0] = [](const AssignCall &call) {
         return call.socket == nullptr ? 0 : check_flags(call);
       };
     }},
    {"assign: NULL clears a selection without the flag",
     [](Rules &rules) {
       rules.assign_checks[4] = [](const AssignCall &call) {
         return call.socket == nullptr ? 0 : check_selected(call);
       };
     }},
    {"assign: dual-stack sockets are refused for IPv4",
     [](Rules &rules) {
       rules.assign_checks[3] = [](const AssignCall &call) {
         const bool same =
             call.socket == nullptr || call.socket->family == call.packet.source.address.family;
         return same ? 0 : -EAFNOSUPPORT;
       };
     }},
    {"assign: IPv6-only sockets are accepted for IPv4",
     [](Rules &rules) {
       rules.assign_checks[3] = [](const AssignCall &call) {
         const bool ipv6_socket = call.socket != nullptr && call.socket->family == Family::kIpv6;
         return ipv6_socket ? 0 : check_family(call);
       };
     }},
    {"assign: IPV6_V6ONLY counts, a specific address does not",
     [](Rules &rules) {
       rules.assign_checks[3] = [](const AssignCall &call) {
         if (call.socket != nullptr && call.socket->family == Family::kIpv6 &&
             !call.socket->v6_only) {
           return 0;
         }
         return check_family(call);
       };
     }},
    {"assign: a failed assign clears the selection",
     [](Rules &rules) {
       rules.not_selected = [](const AssignOperation &, const Selection &) { return Selection{}; };
     }},
    {"assign: a failed assign sets NO_REUSEPORT",
     [](Rules &rules) {
       rules.not_selected = [](const AssignOperation &assign, const Selection &before) {
         return Selection{before.socket,
                          before.no_reuseport || (assign.flags & kAssignNoReuseport) != 0};
       };
     }},
    {"assign: NO_REUSEPORT does nothing",
     [](Rules &rules) {
       rules.selected = [](const AssignOperation &assign, const Selection &) {
         return Selection{assign.socket, false};
       };
     }},
    {"assign: NO_REUSEPORT stays when another socket is assigned",
     [](Rules &rules) {
       rules.selected = [](const AssignOperation &assign, const Selection &before) {
         return Selection{assign.socket,
                          before.no_reuseport || (assign.flags & kAssignNoReuseport) != 0};
       };
     }},
    {"assign: NULL does not clear the selection",
     [](Rules &rules) {
       rules.selected = [](const AssignOperation &assign, const Selection &before) {
         return assign.socket ? select_assigned(assign, before) : before;
       };
     }},
};

}  // namespace

std::span<const Mutant> assign_mutants() { return kAssignMutants; }

}  // namespace sklab
