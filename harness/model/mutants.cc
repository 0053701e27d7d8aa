// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutants.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <utility>

#include "harness/model/assign_rules.h"
#include "harness/model/hashtable_rules.h"
#include "harness/model/load_rules.h"
#include "harness/model/model.h"
#include "harness/model/reuseport_rules.h"

namespace sklab {
namespace {

Combination &merged(Rules &rules) {
  return rules.combinations[static_cast<size_t>(Dialect::kPassDrop)];
}
Combination &redirect(Rules &rules) {
  return rules.combinations[static_cast<size_t>(Dialect::kRedirect)];
}
Combination &ok_drop(Rules &rules) {
  return rules.combinations[static_cast<size_t>(Dialect::kOkDrop)];
}

void note(RunState &state, Action action) {
  state.dropped |= action == Action::kDrop;
  state.redirected |= action == Action::kRedirect;
}

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

constexpr Mutant kCombinationMutants[] = {
    {"pass_drop: each program starts without a selection",
     [](Rules &rules) { merged(rules).before = [](RunState &state) { state.context = {}; }; }},
    {"pass_drop: each program starts from what the one before left",
     [](Rules &rules) { merged(rules).before = [](RunState &) {}; }},
    {"pass_drop: NO_REUSEPORT is not inherited",
     [](Rules &rules) {
       merged(rules).before = [](RunState &state) {
         state.context = {state.remembered.socket, false};
       };
     }},
    {"pass_drop: a program that drops keeps its selection",
     [](Rules &rules) {
       merged(rules).after = [](RunState &state, Action action) {
         note(state, action);
         if (state.context.socket) state.remembered = state.context;
       };
     }},
    {"pass_drop: a later program can clear the selection",
     [](Rules &rules) {
       merged(rules).after = [](RunState &state, Action action) {
         note(state, action);
         if (action == Action::kPass) state.remembered = state.context;
       };
     }},
    {"pass_drop: the first selection wins",
     [](Rules &rules) {
       merged(rules).after = [](RunState &state, Action action) {
         note(state, action);
         if (action == Action::kPass && !state.remembered.socket) state.remembered = state.context;
       };
     }},
    {"pass_drop: only the last program's drop counts",
     [](Rules &rules) {
       merged(rules).after = [](RunState &state, Action action) {
         state.dropped = action == Action::kDrop;
         if (action == Action::kPass && state.context.socket) state.remembered = state.context;
       };
     }},
    {"pass_drop: a drop outweighs a selection",
     [](Rules &rules) {
       merged(rules).decide = [](const RunState &state) {
         return state.dropped ? Verdict{{}, true} : Verdict{state.remembered, false};
       };
     }},
    {"pass_drop: a drop does not refuse",
     [](Rules &rules) {
       merged(rules).decide = [](const RunState &state) {
         return Verdict{state.remembered, false};
       };
     }},
    {"redirect: a selection counts without REDIRECT",
     [](Rules &rules) { redirect(rules).decide = kernel_rules().combinations[1].decide; }},
    {"redirect: REDIRECT without a socket does not outweigh a drop",
     [](Rules &rules) {
       redirect(rules).decide = [](const RunState &state) {
         if (state.redirected && state.context.socket) return Verdict{state.context, false};
         return Verdict{{}, state.dropped};
       };
     }},
    {"redirect: a drop outweighs REDIRECT",
     [](Rules &rules) {
       redirect(rules).decide = [](const RunState &state) {
         if (state.redirected && !state.dropped && state.context.socket) {
           return Verdict{state.context, false};
         }
         return Verdict{{}, state.dropped};
       };
     }},
    {"redirect: programs do not share their selection",
     [](Rules &rules) { redirect(rules).before = [](RunState &state) { state.context = {}; }; }},
    {"redirect: other codes drop",
     [](Rules &rules) {
       rules.action = [](Dialect dialect, const ReturnCodes &codes, uint32_t code) {
         for (const Action action : {Action::kPass, Action::kDrop, Action::kRedirect}) {
           if (code_of(dialect, codes, action) == code) return std::optional(action);
         }
         return std::optional(Action::kDrop);
       };
     }},
    {"redirect: codes count by their low five bits",
     [](Rules &rules) {
       rules.action = [](Dialect dialect, const ReturnCodes &codes, uint32_t code) {
         return action_of(dialect, codes, code & 31U);
       };
     }},
    {"ok_drop: a program that drops discards the selection",
     [](Rules &rules) {
       ok_drop(rules).after = [](RunState &state, Action action) {
         note(state, action);
         if (action == Action::kDrop) state.context = {};
       };
     }},
    {"ok_drop: an earlier selection cannot be discarded",
     [](Rules &rules) { ok_drop(rules) = merged(rules); }},
    {"ok_drop: a drop outweighs a selection",
     [](Rules &rules) {
       ok_drop(rules).decide = [](const RunState &state) {
         return state.dropped ? Verdict{{}, true} : Verdict{state.context, false};
       };
     }},
    {"ok_drop: 0 drops and 2 passes",
     [](Rules &rules) {
       rules.action = [](Dialect dialect, const ReturnCodes &codes, uint32_t code) {
         ReturnCodes swapped = codes;
         if (dialect == Dialect::kOkDrop) std::swap(swapped.ok, swapped.drop);
         return action_of(dialect, swapped, code);
       };
     }},
};

using Sockets = std::vector<size_t>;

constexpr Mutant kLookupMutants[] = {
    {"lookup: the hook runs before connected sockets",
     [](Rules &rules) { std::swap(rules.stages[0], rules.stages[1]); }},
    {"lookup: the hashtable comes before the hook",
     [](Rules &rules) { std::swap(rules.stages[1], rules.stages[2]); }},
    {"lookup: the hook is not there",
     [](Rules &rules) { rules.stages.erase(rules.stages.begin() + 1); }},
    {"lookup: nothing comes after the hook", [](Rules &rules) { rules.stages.pop_back(); }},
    {"lookup: connected sockets are found by their port alone",
     [](Rules &rules) {
       rules.is_connected_to = [](const SocketSpec &socket, const Packet &packet) {
         return socket.peer && socket.protocol == packet.protocol &&
                socket.peer->port == packet.source.port &&
                socket.local.port == packet.destination.port;
       };
     }},
    {"lookup: connected v4-mapped sockets do not get IPv4 packets",
     [](Rules &rules) {
       rules.is_connected_to = [](const SocketSpec &socket, const Packet &packet) {
         return is_connected_to(socket, packet) && socket.family == packet.source.address.family;
       };
     }},
    {"lookup: the wildcard comes before an exact address",
     [](Rules &rules) {
       rules.score = [](const SocketSpec &socket, const Packet &packet) {
         const int score = hashtable_score(socket, packet);
         return score < 0 ? score : (score + 2) % 4;
       };
     }},
    {"lookup: IPv6 sockets come before IPv4 ones",
     [](Rules &rules) {
       rules.score = [](const SocketSpec &socket, const Packet &packet) {
         const int score = hashtable_score(socket, packet);
         return score < 0 ? score : score ^ 1;
       };
     }},
    {"lookup: IPv6 sockets do not get IPv4 packets",
     [](Rules &rules) {
       rules.score = [](const SocketSpec &socket, const Packet &packet) {
         const bool same = socket.family == packet.source.address.family;
         return same ? hashtable_score(socket, packet) : -1;
       };
     }},
    {"lookup: wildcard sockets are not found",
     [](Rules &rules) {
       rules.score = [](const SocketSpec &socket, const Packet &packet) {
         const int score = hashtable_score(socket, packet);
         return score < 2 ? -1 : score;
       };
     }},
    {"reuseport: the selected socket receives itself",
     [](Rules &rules) {
       rules.reuseport = [](const Scenario &, Arrival, size_t socket, Sockets &choices) {
         choices.push_back(socket);
       };
     }},
    {"reuseport: the group's program runs for helpers, too",
     [](Rules &rules) {
       rules.reuseport = [](const Scenario &scenario, Arrival, size_t socket, Sockets &choices) {
         reuseport_choices(scenario, Arrival::kPacket, socket, choices);
       };
     }},
    {"reuseport: the group's program does not run",
     [](Rules &rules) {
       rules.reuseport = [](const Scenario &scenario, Arrival, size_t socket, Sockets &choices) {
         reuseport_choices(scenario, Arrival::kHelper, socket, choices);
       };
     }},
    {"reuseport: a drop falls back to the group's hash",
     [](Rules &rules) {
       rules.reuseport = [](const Scenario &scenario, Arrival arrival, size_t socket,
                            Sockets &choices) {
         reuseport_choices(scenario, arrival, socket, choices);
         if (choices.empty()) reuseport_choices(scenario, Arrival::kHelper, socket, choices);
       };
     }},
};

template <size_t kCheck>
void leave_out_update_check(Rules &rules) {
  auto &checks = rules.links.update_checks;
  checks.erase(checks.begin() + kCheck);
}

constexpr Mutant kLinkMutants[] = {
    {"links: 63 at most", [](Rules &rules) { rules.links.max_links = 63; }},
    {"links: 65 at most", [](Rules &rules) { rules.links.max_links = 65; }},
    {"links: the expected program is not looked at", leave_out_update_check<0>},
    {"links: any type of program replaces", leave_out_update_check<1>},
    {"links: a detached link can be updated", leave_out_update_check<2>},
    {"links: the type is checked before the expected program",
     [](Rules &rules) { std::swap(rules.links.update_checks[0], rules.links.update_checks[1]); }},
    {"links: being attached is checked before the type",
     [](Rules &rules) { std::swap(rules.links.update_checks[1], rules.links.update_checks[2]); }},
    {"links: an update moves the program to the end",
     [](Rules &rules) {
       rules.links.place_updated = [](std::vector<size_t> &order, size_t link) {
         const auto found = std::find(order.begin(), order.end(), link);
         std::rotate(found, found + 1, order.end());
       };
     }},
};

// Rules about values, by what the kernel's rule says otherwise.
constexpr Mutant kLoadMutants[] = {
    {"load: return code 2 is allowed",
     [](Rules &rules) {
       rules.load.may_be_returned = [](const KnownValue &value) {
         return value.is_number(2) || may_be_returned(value);
       };
     }},
    {"load: unknown return codes are allowed",
     [](Rules &rules) {
       rules.load.may_be_returned = [](const KnownValue &value) {
         return value.kind == ValueKind::kNumber && (value.low <= 1 || value.low < value.high);
       };
     }},
    {"load: a return code counts by its low 32 bits",
     [](Rules &rules) {
       rules.load.may_be_returned = [](const KnownValue &value) {
         KnownValue low_half = value;
         if (value.low == value.high) low_half.low = low_half.high = value.low & 0xffffffff;
         return may_be_returned(low_half);
       };
     }},
    {"load: a reference may be kept",
     [](Rules &rules) { rules.load.may_leave = [](const LoadState &) { return true; }; }},
    {"load: one reference may be kept",
     [](Rules &rules) {
       rules.load.may_leave = [](const LoadState &state) {
         return std::popcount(state.references) < 2;
       };
     }},
    {"load: a reference must be released even where it is NULL",
     [](Rules &rules) {
       rules.load.after_null_check = [](LoadState &state, const KnownValue &value, bool is_null) {
         const uint64_t references = state.references;
         note_null_check(state, value, is_null);
         state.references = references;
       };
     }},
    {"load: sk may be written",
     [](Rules &rules) {
       rules.load.context_access = [](int offset, uint32_t size, AccessKind kind) {
         return (offset == 0 && size == 8) || context_access_allowed(offset, size, kind);
       };
     }},
    {"load: what may be read of the context may be written",
     [](Rules &rules) {
       rules.load.context_access = [](int offset, uint32_t size, AccessKind) {
         return context_access_allowed(offset, size, AccessKind::kRead);
       };
     }},
    {"load: half of sk may be read",
     [](Rules &rules) {
       rules.load.context_access = [](int offset, uint32_t size, AccessKind kind) {
         const bool is_half = kind == AccessKind::kRead && offset == 0 && size == 4;
         return is_half || context_access_allowed(offset, size, kind);
       };
     }},
    {"load: the remote port cannot be read as 4 bytes",
     [](Rules &rules) {
       rules.load.context_access = [](int offset, uint32_t size, AccessKind kind) {
         return !(offset == 36 && size == 4) && context_access_allowed(offset, size, kind);
       };
     }},
    {"load: any two bytes of a socket may be read",
     [](Rules &rules) {
       rules.load.socket_access = [](int offset, uint32_t size, AccessKind kind) {
         const bool is_inside = offset >= 0 && offset < 80 && offset % 2 == 0;
         return (kind == AccessKind::kRead && size == 2 && is_inside) ||
                socket_access_allowed(offset, size, kind);
       };
     }},
    {"load: a socket may be written",
     [](Rules &rules) {
       rules.load.socket_access = [](int offset, uint32_t size, AccessKind) {
         return socket_access_allowed(offset, size, AccessKind::kRead);
       };
     }},
    {"load: one instruction may load from context and socket",
     [](Rules &rules) {
       rules.load.may_load_from_both = [](ValueKind, ValueKind) { return true; };
     }},
    {"load: an unchecked socket may be assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind == ValueKind::kMapped || may_be_assigned(value);
       };
     }},
    {"load: the selected socket has to be checked before it is assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind != ValueKind::kSelected && may_be_assigned(value);
       };
     }},
    {"load: NULL may not be assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind != ValueKind::kNumber && may_be_assigned(value);
       };
     }},
    {"load: any number may be assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind == ValueKind::kNumber || may_be_assigned(value);
       };
     }},
    {"load: the context may be assigned",
     [](Rules &rules) {
       rules.load.may_be_assigned = [](const KnownValue &value) {
         return value.kind == ValueKind::kContext || may_be_assigned(value);
       };
     }},
    {"load: an unchecked socket may be released",
     [](Rules &rules) {
       rules.load.may_be_released = [](const KnownValue &value) {
         return value.kind == ValueKind::kMapped || may_be_released(value);
       };
     }},
    {"load: the selected socket may be released",
     [](Rules &rules) {
       rules.load.may_be_released = [](const KnownValue &value) {
         return value.kind == ValueKind::kSocket;
       };
     }},
    {"load: a socket may be used after its release",
     [](Rules &rules) {
       rules.load.after_release = [](LoadState &state, unsigned reference) {
         state.references &= ~reference_bit(reference);
       };
     }},
    {"load: the selected socket is gone after a release",
     [](Rules &rules) {
       rules.load.after_release = [](LoadState &state, unsigned reference) {
         release_values(state, reference);
         for (KnownValue &value : state.values) {
           if (value.kind == ValueKind::kSelected) value = {ValueKind::kNumber, 0, ~0ULL, 0, 0};
         }
       };
     }},
    {"load: a check holds for one copy only",
     [](Rules &rules) {
       rules.load.after_null_check = [](LoadState &state, const KnownValue &value, bool is_null) {
         const LoadState before = state;
         note_null_check(state, value, is_null);
         bool is_first = true;
         for (size_t i = 0; i < state.values.size(); ++i) {
           if (before.values[i].id != value.id) continue;
           if (!is_first) state.values[i] = before.values[i];
           is_first = false;
         }
       };
     }},
    {"load: bpf_sk_lookup_udp is there",
     [](Rules &rules) {
       rules.load.has_helper = [](const MissingHelper &helper) {
         return helper.name == "bpf_sk_lookup_udp";
       };
     }},
};

}  // namespace

std::span<const Mutant> mutants() {
  static const std::vector<Mutant> all = [] {
    std::vector<Mutant> list;
    for (const std::span<const Mutant> part :
         {std::span<const Mutant>(kAssignMutants), std::span<const Mutant>(kCombinationMutants),
          std::span<const Mutant>(kLookupMutants), std::span<const Mutant>(kLinkMutants),
          std::span<const Mutant>(kLoadMutants)}) {
      list.insert(list.end(), part.begin(), part.end());
    }
    return list;
  }();
  return all;
}

Result<Mutant> find_mutant(std::string_view name) {
  for (const auto list : {mutants(), rare_mutants(), lifecycle_mutants()}) {
    for (const Mutant &mutant : list) {
      if (mutant.wrong_rule == name) return mutant;
    }
  }
  return fail_as(ErrorKind::kUsage, "find model mutant", "'" + std::string(name) + "'");
}

}  // namespace sklab
