// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/variation.h"

#include <utility>

#include "fuzz/semantics/packet_variation.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

AssignOperation random_assign(const Scenario &scenario, FuzzRandom &random) {
  AssignOperation assign;
  const size_t chosen = random.below(scenario.sockets.size() + 1);
  if (chosen > 0) assign.socket = chosen - 1;
  assign.flags = random.one_in(12) ? uint64_t{1} << random.below(64) : random.below(4);
  return assign;
}

uint32_t random_return_code(const Scenario &scenario, FuzzRandom &random) {
  if (scenario.dialect == Dialect::kRedirect) {
    if (random.one_in(12)) return static_cast<uint32_t>(random.next() >> random.below(33));
    if (random.one_in(2)) return scenario.codes.redirect;
  }
  const Action action = random.one_in(3) ? Action::kDrop : Action::kPass;
  return *code_of(scenario.dialect, scenario.codes, action);
}

void change_program(Scenario &scenario, FuzzRandom &random) {
  if (scenario.programs.empty()) return;
  ScriptedProgram &program = scenario.programs[random.below(scenario.programs.size())];
  auto &assigns = program.assigns;
  switch (random.below(6)) {
    case 0:
    case 1:
      if (assigns.size() < kMostRecordedAssigns) assigns.push_back(random_assign(scenario, random));
      break;
    case 2:
      if (!assigns.empty()) assigns.pop_back();
      break;
    case 3:
      if (!assigns.empty()) assigns[random.below(assigns.size())] = random_assign(scenario, random);
      break;
    case 4:
      std::swap(program, scenario.programs[random.below(scenario.programs.size())]);
      break;
    default:
      program.return_code = random_return_code(scenario, random);
  }
}

}  // namespace

PacketInput vary_packets(const PacketInput &input, FuzzRandom &random) {
  PacketInput varied{input.scenario, {input.packets[random.below(input.packets.size())]}};
  for (size_t changes = 1 + random.below(6); changes > 0; --changes) {
    change_program(varied.scenario, random);
  }
  PacketSpec &spec = varied.packets[0];
  if (!random.one_in(4)) {
    spec.packet = random_packet(varied.scenario.sockets, random);
    if (spec.form == PacketForm::kMessage && !random.one_in(8)) spec.tcp_flags = kTcpSyn;
  }
  varied.scenario.packet = spec.packet;
  return varied;
}

}  // namespace sklab
