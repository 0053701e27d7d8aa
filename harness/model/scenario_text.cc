// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/scenario_text.h"

#include <fmt/format.h>

#include "harness/model/scenario_grammar.h"
#include "harness/model/scenario_words.h"

namespace sklab {
namespace {

constexpr uint64_t kNamedFlags = kAssignReplace | kAssignNoReuseport;

std::string format_dialect(const Scenario &scenario) {
  std::string text = fmt::format("dialect {}", dialect_name(scenario.dialect));
  const ReturnCodes &codes = scenario.codes;
  if (codes != ReturnCodes{}) {
    text += fmt::format(" ok={} drop={} redirect={}", codes.ok, codes.drop, codes.redirect);
  }
  return text + "\n";
}

std::string format_return_code(const Scenario &scenario, uint32_t code) {
  for (const auto &[action, name] : kActionNames) {
    if (code_of(scenario.dialect, scenario.codes, action) == code) return std::string(name);
  }
  return fmt::format("return={}", code);
}

std::string format_reuseport(const ReuseportProgram &program, const Scenario &scenario) {
  std::string text = fmt::format("reuseport {} {}", program.group,
                                 kReuseportActionNames[static_cast<size_t>(program.action)]);
  if (program.action == ReuseportProgram::Action::kSelect) {
    text += " " + scenario.sockets[program.socket].name;
  }
  return text + "\n";
}

}  // namespace

std::string format_assign(const AssignOperation &assign, const Scenario &scenario) {
  std::string text =
      "assign " + (assign.socket ? scenario.sockets[*assign.socket].name : std::string("null"));
  if ((assign.flags & kAssignReplace) != 0) text += " replace";
  if ((assign.flags & kAssignNoReuseport) != 0) text += " no_reuseport";
  if (const uint64_t rest = assign.flags & ~kNamedFlags; rest != 0) {
    text += fmt::format(" flags={:#x}", rest);
  }
  return text;
}

std::string format_program(const ScriptedProgram &program, const Scenario &scenario) {
  std::string text;
  for (const AssignOperation &assign : program.assigns) {
    text += format_assign(assign, scenario) + "; ";
  }
  return text + format_return_code(scenario, program.return_code);
}

std::string format_scenario(const Scenario &scenario) {
  std::string text = "scenario 1\n" + format_dialect(scenario);
  for (const SocketSpec &socket : scenario.sockets) text += format_socket_line(socket) + "\n";
  for (const ScriptedProgram &program : scenario.programs) {
    text += "program " + format_program(program, scenario) + "\n";
  }
  for (const ReuseportProgram &program : scenario.reuseport_programs) {
    text += format_reuseport(program, scenario);
  }
  return text + format_packet_line(scenario.packet) + "\n";
}

}  // namespace sklab
