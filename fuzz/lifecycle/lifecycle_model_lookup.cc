// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A lookup between other operations is a scenario: what the model of scenarios says has to happen.
#include <algorithm>

#include "fuzz/lifecycle/lifecycle_model.h"
#include "harness/model/model.h"

namespace sklab {
namespace {

// Where no packet goes: of sockets that can be assigned, or chosen from the group of one that was,
// but not found, since they are in another netns.
constexpr uint16_t kElsewherePort = 1;

}  // namespace

// `numbers` are those of the scenario's sockets.
Scenario LifecycleModel::population_of(size_t netns, std::vector<size_t> &numbers) const {
  std::vector<size_t> elsewhere;
  for (const auto &[number, socket] : sockets_) {
    const bool found = socket.open && socket.hashed;
    if (found && socket.netns == netns) {
      numbers.push_back(number);
    } else if (found || is_mapped(number)) {
      elsewhere.push_back(number);
    }
  }
  std::sort(numbers.begin(), numbers.end(),
            [this](size_t a, size_t b) { return sockets_.at(a).hashed < sockets_.at(b).hashed; });
  Scenario scenario;
  for (const size_t number : numbers) scenario.sockets.push_back(sockets_.at(number).state.spec);
  for (const size_t number : elsewhere) {
    numbers.push_back(number);
    const OpenSocket &state = sockets_.at(number).state;
    SocketSpec spec = state.spec;
    spec.local.port = kElsewherePort;
    // One that was shut down is refused as one that is connected.
    if (spec.protocol == Protocol::kTcp && state.stage == SocketStage::kBound) {
      spec.peer = spec.local;
    }
    scenario.sockets.push_back(std::move(spec));
  }
  return scenario;
}

bool LifecycleModel::is_mapped(size_t number) const {
  return std::any_of(maps_.begin(), maps_.end(), [number](const auto &map) {
    return std::any_of(map.begin(), map.end(),
                       [number](const auto &entry) { return entry.second == number; });
  });
}

std::optional<size_t> LifecycleModel::socket_at(const ProgramStep::Source &source) const {
  const auto &map = mapped(source.map);
  const auto found = map.find(source.key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

// Steps whose key has no socket assign nothing.
ScriptedProgram LifecycleModel::script_of(const NumberedProgram &program,
                                          const std::vector<size_t> &numbers) const {
  ScriptedProgram script{{}, program.return_code};
  for (const ProgramStep &step : program.steps) {
    AssignOperation assign{std::nullopt, step.flags};
    if (step.source) {
      const auto socket = socket_at(*step.source);
      if (!socket) continue;
      const auto found = std::find(numbers.begin(), numbers.end(), *socket);
      assign.socket = static_cast<size_t>(std::distance(numbers.begin(), found));
    }
    script.assigns.push_back(assign);
  }
  return script;
}

ExpectedResult LifecycleModel::look_up(const Operation &operation,
                                       const ProgramTable &programs) const {
  const size_t netns = index_of(operation.netns);
  std::vector<size_t> numbers;
  Scenario scenario = population_of(netns, numbers);
  scenario.packet = operation.packet;
  const std::vector<size_t> attached = namespaces_[netns].links.programs();
  for (const size_t program : attached) {
    scenario.programs.push_back(script_of(programs[program], numbers));
  }
  const Outcome outcome = evaluate(scenario, Arrival::kHelper, rules_);
  ExpectedResult expected;
  for (const size_t index : outcome.sockets) expected.sockets.push_back(numbers[index]);
  for (size_t i = 0; i < attached.size(); ++i) {
    if (outcome.run_counts[i] == 0) continue;
    expected.result.programs.push_back(attached[i]);
    size_t assigns = 0;
    for (const ProgramStep &step : programs[attached[i]].steps) {
      const bool missing = step.source && !socket_at(*step.source);
      expected.result.step_results.push_back(missing ? SKLAB_NOT_MAPPED
                                                     : outcome.assign_results[i][assigns++]);
    }
  }
  return expected;
}

}  // namespace sklab
