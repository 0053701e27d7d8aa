// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/reuseport_rules.h"

namespace sklab {
namespace {

const ReuseportProgram *program_of(const Scenario &scenario, unsigned group) {
  for (const ReuseportProgram &program : scenario.reuseport_programs) {
    if (program.group == group) return &program;
  }
  return nullptr;
}

void add_unconnected_members(const Scenario &scenario, unsigned group,
                             std::vector<size_t> &choices) {
  for (size_t i = 0; i < scenario.sockets.size(); ++i) {
    if (scenario.sockets[i].reuseport_group == group && !scenario.sockets[i].peer) {
      choices.push_back(i);
    }
  }
}

}  // namespace

void reuseport_choices(const Scenario &scenario, Arrival arrival, size_t socket,
                       std::vector<size_t> &choices) {
  const auto &group = scenario.sockets[socket].reuseport_group;
  if (!group) return choices.push_back(socket);
  const ReuseportProgram *program = program_of(scenario, *group);
  if (program != nullptr && arrival == Arrival::kPacket) {
    if (program->action == ReuseportProgram::Action::kDrop) return;
    const bool selects_member = program->action == ReuseportProgram::Action::kSelect &&
                                scenario.sockets[program->socket].reuseport_group == group;
    if (selects_member) return choices.push_back(program->socket);
  }
  add_unconnected_members(scenario, *group, choices);
}

}  // namespace sklab
