// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/object_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/assign_rules.h"
#include "harness/model/hashtable_rules.h"

namespace sklab {
namespace {

// bpf_sk_assign takes no other (model/assign_rules.h), and the hashtable finds no other.
bool takes(const SocketSpec &socket, const Packet &packet) {
  if (socket.protocol != packet.protocol) return false;
  const Family family = packet.source.address.family;
  return socket.family == family || (family == Family::kIpv4 && !is_v6_only(socket));
}

bool fits(const ObjectQuestion &question, const std::optional<size_t> &socket) {
  return !socket || takes(question.scenario.sockets[*socket], question.packet.packet);
}

bool sockets_fit(const ObjectQuestion &question) {
  return fits(question, question.observed.plain) && fits(question, question.observed.found) &&
         fits(question, question.observed.program.socket);
}

bool lookup_follows_program(const ObjectQuestion &question) {
  const ObjectObservation &observed = question.observed;
  const auto &[plain, found, program] = observed;
  if (!reaches_hook(question.scenario, question.packet.packet, observed)) return found == plain;
  switch (program.kind) {
    case ProgramAnswer::Kind::kPass:
      return found == plain;
    case ProgramAnswer::Kind::kSelect:
      // One that is not known is another rule's.
      return !program.socket || found == program.socket;
    case ProgramAnswer::Kind::kSelectGroup:
      return found && question.scenario.sockets[*found].reuseport_group;
    case ProgramAnswer::Kind::kDrop:
      break;
  }
  return !found;
}

// A member of a group stands for all: which of them it is, the kernel's secret hash decides.
bool is_or_stands_for(const std::vector<SocketSpec> &sockets, size_t expected,
                      const std::optional<size_t> &found) {
  if (found == expected) return true;
  const auto &group = sockets[expected].reuseport_group;
  return found && group && sockets[*found].reuseport_group == group;
}

// Of a packet that does not reach the hook, what the program would say is no matter.
ProgramAnswer::Kind effective_answer(const ObjectQuestion &question) {
  const bool reaches = reaches_hook(question.scenario, question.packet.packet, question.observed);
  return reaches ? question.observed.program.kind : ProgramAnswer::Kind::kPass;
}

bool is_expected(const ObjectQuestion &question) {
  const ExpectedAnswer &expected = question.packet.expected;
  const ProgramAnswer::Kind answer = effective_answer(question);
  switch (expected.kind) {
    case ExpectedAnswer::Kind::kAnything:
      return true;
    case ExpectedAnswer::Kind::kSocket:
      return is_or_stands_for(question.scenario.sockets, expected.socket, question.observed.found);
    case ExpectedAnswer::Kind::kPlain:
      return answer == ProgramAnswer::Kind::kPass;
    case ExpectedAnswer::Kind::kNone:
      return answer == ProgramAnswer::Kind::kPass && !question.observed.found;
    case ExpectedAnswer::Kind::kDrop:
      break;
  }
  return answer == ProgramAnswer::Kind::kDrop;
}

bool drop_is_allowed(const ObjectQuestion &question) {
  return question.scenario.may_drop ||
         question.packet.expected.kind != ExpectedAnswer::Kind::kAnything ||
         effective_answer(question) != ProgramAnswer::Kind::kDrop;
}

bool selection_is_known(const ObjectQuestion &question) {
  const ProgramAnswer &program = question.observed.program;
  return program.kind != ProgramAnswer::Kind::kSelect || program.socket;
}

std::string answer_text(const ProgramAnswer &program, const ObjectScenario &scenario) {
  switch (program.kind) {
    case ProgramAnswer::Kind::kPass:
      return "pass";
    case ProgramAnswer::Kind::kSelect:
      return program.socket ? scenario.sockets[*program.socket].name : "an unknown socket";
    case ProgramAnswer::Kind::kSelectGroup:
      return "a reuseport group";
    case ProgramAnswer::Kind::kDrop:
      break;
  }
  return "drop";
}

}  // namespace

const std::array<ObjectRule, 5> kObjectRules = {{
    {"sockets_fit", sockets_fit, "a socket is of another protocol or family than the packet"},
    {"selection_is_known", selection_is_known, "the program selected a socket that is not listed"},
    {"lookup_follows_program", lookup_follows_program,
     "the lookup and a test run of the program (ingress_ifindex 0) disagree"},
    {"answer_is_expected", is_expected, "it is not the expected answer"},
    {"drop_is_allowed", drop_is_allowed,
     "the program drops it, which neither an answer nor 'may drop' allows"},
}};

bool reaches_hook(const ObjectScenario &scenario, const Packet &packet,
                  const ObjectObservation &observed) {
  return !observed.plain || !is_connected_to(scenario.sockets[*observed.plain], packet);
}

std::vector<std::string_view> violations_of(const ObjectQuestion &question) {
  std::vector<std::string_view> violations;
  for (const ObjectRule &rule : kObjectRules) {
    if (!rule.holds(question)) violations.push_back(rule.violation);
  }
  return violations;
}

std::string describe(const ObjectObservation &observed, const ObjectScenario &scenario) {
  const auto name = [&](const std::optional<size_t> &socket) {
    return socket ? scenario.sockets[*socket].name : std::string("none");
  };
  return fmt::format("socket={} program={} plain={}", name(observed.found),
                     answer_text(observed.program, scenario), name(observed.plain));
}

}  // namespace sklab
