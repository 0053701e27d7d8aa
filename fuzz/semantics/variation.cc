// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/variation.h"

#include <utility>

#include "fuzz/semantics/scenario_records.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

AssignOperation random_assign(const Scenario &scenario, FuzzRandom &random) {
  AssignOperation assign;
  const size_t chosen = random.below(scenario.sockets.size() + 1);
  if (chosen > 0) assign.socket = chosen - 1;
  assign.flags = random.one_in(8) ? random.next() >> random.below(64) : random.below(4);
  return assign;
}

uint32_t random_code(const Scenario &scenario, FuzzRandom &random) {
  if (scenario.dialect == Dialect::kRedirect) {
    if (random.one_in(8)) return static_cast<uint32_t>(random.next());
    if (random.one_in(2)) return scenario.codes.redirect;
  }
  const Action action = random.one_in(2) ? Action::kDrop : Action::kPass;
  return *code_of(scenario.dialect, scenario.codes, action);
}

void change_program(Scenario &scenario, FuzzRandom &random) {
  if (scenario.programs.empty()) return;
  ScriptedProgram &program = scenario.programs[random.below(scenario.programs.size())];
  auto &assigns = program.assigns;
  switch (random.below(5)) {
    case 0:
      if (assigns.size() < kMostRecordedAssigns) assigns.push_back(random_assign(scenario, random));
      break;
    case 1:
      if (!assigns.empty()) assigns.pop_back();
      break;
    case 2:
      if (!assigns.empty()) {
        assigns[random.below(assigns.size())] = random_assign(scenario, random);
      }
      break;
    case 3:
      std::swap(program, scenario.programs[random.below(scenario.programs.size())]);
      break;
    default:
      program.return_code = random_code(scenario, random);
  }
}

// To one of the sockets, or to the same address with any port.
void change_packet(Scenario &scenario, FuzzRandom &random) {
  const Packet before = scenario.packet;
  Packet &packet = scenario.packet;
  if (scenario.sockets.empty() || random.one_in(4)) {
    packet.destination.port = static_cast<uint16_t>(1 + random.below(65535));
  } else {
    const SocketSpec &target = scenario.sockets[random.below(scenario.sockets.size())];
    const IpAddress address = target.local.address.from_v4_mapped();
    packet.protocol = target.protocol;
    if (address.is_wildcard()) {
      const bool ipv6 = target.family == Family::kIpv6 && random.one_in(2);
      packet.destination.address = ipv6 ? kServers6[0] : kServers4[0];
      packet.source.address = ipv6 ? kClients6[0] : kClients4[0];
    } else {
      packet.destination.address = address;
      packet.source.address = address.family == Family::kIpv6 ? kClients6[0] : kClients4[0];
    }
    packet.destination.port = target.local.port;
    if (target.peer && random.one_in(2)) {
      packet.source = {target.peer->address.from_v4_mapped(), target.peer->port};
    }
  }
  // A segment to the far end of a connection, which is no socket of the scenario.
  if (packet.protocol == Protocol::kTcp && is_peer_port(packet.destination.port)) packet = before;
}

}  // namespace

void vary_scenario(Scenario &scenario, FuzzRandom &random) {
  for (size_t changes = 1 + random.below(3); changes > 0; --changes) {
    if (random.one_in(6)) {
      change_packet(scenario, random);
    } else {
      change_program(scenario, random);
    }
  }
}

}  // namespace sklab
