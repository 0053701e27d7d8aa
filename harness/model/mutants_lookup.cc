// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutant_lists.h"

#include <utility>

#include "harness/model/hashtable_rules.h"
#include "harness/model/reuseport_rules.h"

namespace sklab {
namespace {

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

}  // namespace

std::span<const Mutant> lookup_mutants() { return kLookupMutants; }

}  // namespace sklab
