// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <linux/bpf.h>

#include <cerrno>
#include <utility>

#include "harness/model/bind_rules.h"
#include "harness/model/mutants.h"

namespace sklab {
namespace {

template <size_t kCheck>
void leave_out_put_check(Rules &rules) {
  auto &checks = rules.lifecycle.put_checks;
  checks.erase(checks.begin() + kCheck);
}
template <size_t kFirst>
void swap_put_checks(Rules &rules) {
  std::swap(rules.lifecycle.put_checks[kFirst], rules.lifecycle.put_checks[kFirst + 1]);
}

constexpr Mutant kLifecycleMutants[] = {
    {"lifecycle: a link outlives its netns",
     [](Rules &rules) { rules.links.outlives_netns = [](const LinkState &) { return true; }; }},
    {"lifecycle: a link is detached once only",
     [](Rules &rules) {
       rules.links.detach = [](const LinkState &link) { return link.attached ? 0 : -ENOLINK; };
     }},
    {"lifecycle: a closed socket stays in the map",
     [](Rules &rules) { rules.lifecycle.stays_mapped = [](const OpenSocket &) { return true; }; }},
    {"lifecycle: a closed connected socket stays in the map",
     [](Rules &rules) {
       rules.lifecycle.stays_mapped = [](const OpenSocket &socket) {
         return socket.stage == SocketStage::kConnected;
       };
     }},
    {"lifecycle: a map takes sockets at any stage", leave_out_put_check<0>},
    {"lifecycle: a map takes any flags", leave_out_put_check<1>},
    {"lifecycle: a SOCKMAP takes any key", leave_out_put_check<2>},
    {"lifecycle: BPF_NOEXIST and BPF_EXIST do nothing", leave_out_put_check<3>},
    {"lifecycle: a SOCKHASH has no limit", leave_out_put_check<4>},
    {"lifecycle: the flags are checked before the stage", swap_put_checks<0>},
    {"lifecycle: a full SOCKHASH is noticed before what BPF_EXIST misses", swap_put_checks<3>},
    {"lifecycle: a full SOCKHASH takes no other socket for a key",
     [](Rules &rules) {
       rules.lifecycle.put_checks[4] = [](const SocketMapPut &put) {
         SocketMapPut other = put;
         other.occupied = false;
         return check_put_room(other);
       };
     }},
    {"lifecycle: a connected UDP socket cannot be mapped",
     [](Rules &rules) {
       rules.lifecycle.put_checks[0] = [](const SocketMapPut &put) {
         const bool connected = put.socket->spec.protocol == Protocol::kUdp &&
                                put.socket->stage == SocketStage::kConnected;
         return connected ? -EOPNOTSUPP : check_put_stage(put);
       };
     }},
    {"lifecycle: deleting what is not there succeeds",
     [](Rules &rules) { rules.lifecycle.erase = [](const SocketMapErase &) { return 0; }; }},
    {"lifecycle: a key without a socket is ENOENT in a SOCKMAP, too",
     [](Rules &rules) {
       rules.lifecycle.erase = [](const SocketMapErase &erase) {
         return erase.occupied ? 0 : -ENOENT;
       };
     }},
    {"lifecycle: a query writes what fits and succeeds",
     [](Rules &rules) {
       rules.lifecycle.query = [](const ProgramQuery &query) {
         return query.flags == 0 ? 0 : -EINVAL;
       };
     }},
    {"lifecycle: TCP sockets conflict before they listen",
     [](Rules &rules) {
       rules.lifecycle.bind_conflict = [](const OpenSocket &socket, const OpenSocket &other) {
         return conflict(socket.spec, other.spec);
       };
     }},
    {"lifecycle: a second socket is bound to what one has",
     [](Rules &rules) {
       rules.lifecycle.bind_conflict = [](const OpenSocket &, const OpenSocket &) { return false; };
     }},
};

}  // namespace

std::span<const Mutant> lifecycle_mutants() { return kLifecycleMutants; }

}  // namespace sklab
