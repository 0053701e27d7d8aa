// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/dialect_differences.h"

#include <array>
#include <cassert>

#include "harness/conform/comparison.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// What a program means by its return code: `kSelect` is REDIRECT where there is one.
enum class Intent : uint8_t { kPass, kDrop, kSelect };

struct IntendedProgram {
  std::vector<AssignOperation> assigns;
  Intent intent = Intent::kPass;
};
using Program = IntendedProgram;

constexpr size_t kLongestDifference = 3;
constexpr size_t kA = 1;
constexpr size_t kB = 2;

// Two sockets are enough to tell selections apart. A second one is always selected by replacing,
// since a refused assign changes nothing.
const std::array<AssignOperation, 3> kAssigns = {{
    {kA, 0},
    {kB, kAssignReplace},
    {std::nullopt, kAssignReplace},
}};

Scenario base_scenario() {
  auto scenario = parse_scenario(
      "scenario 1\ndialect pass_drop\nsocket server udp4 127.0.0.1:7000\n"
      "socket a udp4 127.0.0.1:7001\nsocket b udp4 127.0.0.1:7002\n"
      "packet udp4 127.0.0.9:4000 -> 127.0.0.1:7000\n");
  assert(scenario);
  return std::move(*scenario);
}

uint32_t code_for(Intent intent, const Scenario &scenario) {
  const auto redirect = code_of(scenario.dialect, scenario.codes, Action::kRedirect);
  if (intent == Intent::kSelect && redirect) return *redirect;
  const Action action = intent == Intent::kDrop ? Action::kDrop : Action::kPass;
  return *code_of(scenario.dialect, scenario.codes, action);
}

Scenario in_dialect(Scenario scenario, Dialect dialect, const std::vector<Program> &programs) {
  scenario.dialect = dialect;
  for (const Program &program : programs) {
    scenario.programs.push_back({program.assigns, code_for(program.intent, scenario)});
  }
  return scenario;
}

std::string receiver(const Scenario &scenario) {
  const Outcome outcome = evaluate(scenario, Arrival::kPacket);
  if (outcome.sockets.empty()) return "refused";
  const std::string name = scenario.sockets[outcome.sockets.front()].name;
  return outcome.decided_by == DecidedBy::kHashtable ? name + " (hashtable)" : name;
}

bool has_redirect(Dialect dialect) {
  return code_of(dialect, ReturnCodes(), Action::kRedirect).has_value();
}

// Where no dialect of a pair has REDIRECT, selecting would be passing under another name.
std::vector<Intent> intents_of(const DialectPair &pair) {
  std::vector<Intent> intents = {Intent::kPass, Intent::kDrop};
  if (has_redirect(pair.first) || has_redirect(pair.second)) intents.push_back(Intent::kSelect);
  return intents;
}

std::vector<Program> every_program(const std::vector<Intent> &intents) {
  std::vector<std::vector<AssignOperation>> assigns = {{}};
  for (const AssignOperation &first : kAssigns) {
    assigns.push_back({first});
    for (const AssignOperation &second : kAssigns) assigns.push_back({first, second});
  }
  std::vector<Program> programs;
  for (const auto &list : assigns) {
    for (const Intent intent : intents) programs.push_back({list, intent});
  }
  return programs;
}

class Search {
 public:
  Search(Dialect first, Dialect second)
      : pair_{first, second, 0, {}},
        base_(base_scenario()),
        alphabet_(every_program(intents_of(pair_))) {}

  DialectPair run() {
    for (size_t length = 1; length <= kLongestDifference; ++length) extend({}, length);
    return std::move(pair_);
  }

 private:
  void extend(const std::vector<Program> &programs, size_t more) {
    if (more == 0) return consider(programs);
    for (const Program &next : alphabet_) {
      auto longer = programs;
      longer.push_back(next);
      extend(longer, more - 1);
    }
  }

  [[nodiscard]] bool differs(const std::vector<Program> &programs) const {
    return receiver(in_dialect(base_, pair_.first, programs)) !=
           receiver(in_dialect(base_, pair_.second, programs));
  }

  [[nodiscard]] bool is_minimal(const std::vector<Program> &programs) const {
    for (size_t i = 0; i < programs.size(); ++i) {
      auto fewer = programs;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      if (differs(fewer)) return false;
      for (size_t k = 0; k < programs[i].assigns.size(); ++k) {
        auto shorter = programs;
        auto &assigns = shorter[i].assigns;
        assigns.erase(assigns.begin() + static_cast<std::ptrdiff_t>(k));
        if (differs(shorter)) return false;
      }
    }
    // `b` is there for a second selection only.
    return names_a_first(programs);
  }

  static bool names_a_first(const std::vector<Program> &programs) {
    for (const Program &program : programs) {
      for (const AssignOperation &assign : program.assigns) {
        if (assign.socket) return *assign.socket == kA;
      }
    }
    return true;
  }

  void consider(const std::vector<Program> &programs) {
    ++pair_.scenarios_compared;
    if (!differs(programs) || !is_minimal(programs)) return;
    DialectDifference difference;
    difference.first = in_dialect(base_, pair_.first, programs);
    difference.second = in_dialect(base_, pair_.second, programs);
    difference.first_outcome = receiver(difference.first);
    difference.second_outcome = receiver(difference.second);
    pair_.differences.push_back(std::move(difference));
  }

  DialectPair pair_;
  const Scenario base_;
  const std::vector<Program> alphabet_;
};

Result<> confirm(const Scenario &scenario, ScenarioProbe &probe, ScenarioPacket &path) {
  const Outcome expected = evaluate(scenario);
  SKLAB_TRY(const Observation observed, probe.observe(scenario));
  if (!allows(expected, observed)) {
    return fail_as(ErrorKind::kMismatch, "confirm a difference",
                   describe_mismatch(scenario, expected, observed).description);
  }
  SKLAB_TRY(const PacketObservation sent, path.observe(scenario));
  if (!allows(expected, sent, scenario.packet.protocol)) {
    return fail_as(ErrorKind::kMismatch, "confirm a difference",
                   describe_mismatch(scenario, expected, sent).description);
  }
  return Ok{};
}

}  // namespace

std::vector<DialectPair> find_dialect_differences() {
  return {Search(Dialect::kRedirect, Dialect::kOkDrop).run(),
          Search(Dialect::kOkDrop, Dialect::kPassDrop).run(),
          Search(Dialect::kRedirect, Dialect::kPassDrop).run()};
}

Result<> confirm_differences(const std::vector<DialectPair> &pairs) {
  SKLAB_TRY(ScenarioProbe probe, ScenarioProbe::create());
  SKLAB_TRY(ScenarioPacket path, ScenarioPacket::create());
  for (const DialectPair &pair : pairs) {
    for (const DialectDifference &difference : pair.differences) {
      SKLAB_CHECK(confirm(difference.first, probe, path));
      SKLAB_CHECK(confirm(difference.second, probe, path));
    }
  }
  return Ok{};
}

}  // namespace sklab
