// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_parts.h"

#include <algorithm>
#include <utility>

#include "fuzz/semantics/packet_variation.h"
#include "fuzz/semantics/scenario_records.h"
#include "fuzz/target/random.h"
#include "harness/model/loopback_addresses.h"

namespace sklab {
namespace {

constexpr size_t kFlagCombinations = 4;  // of REPLACE and NO_REUSEPORT

uint32_t random_code(const Scenario &scenario, FuzzRandom &random) {
  if (scenario.dialect == Dialect::kRedirect) {
    if (random.one_in(8)) return static_cast<uint32_t>(random.next());
    if (random.one_in(2)) return scenario.codes.redirect;
  }
  const Action action = random.one_in(2) ? Action::kDrop : Action::kPass;
  return *code_of(scenario.dialect, scenario.codes, action);
}

// Of a socket, or NULL, with flags of which at least one does not exist.
AssignOperation wrong_assign(const Scenario &scenario, FuzzRandom &random) {
  AssignOperation assign;
  const size_t chosen = random.below(scenario.sockets.size() + 1);
  if (chosen > 0) assign.socket = chosen - 1;
  assign.flags = std::max<uint64_t>(random.next() >> random.below(62), kFlagCombinations);
  return assign;
}

// What the standing parts depend on, as a number.
uint64_t population_seed(const Scenario &scenario) {
  const Packet any{
      Protocol::kUdp, {kClients4[0], kClientPorts[0]}, {kServers4[0], kServerPorts[0]}};
  const auto encoded =
      encode_scenario({scenario.dialect, scenario.codes, scenario.sockets, {}, {}, any});
  return encoded ? hash_bytes(*encoded) : 0;
}

}  // namespace

void ScenarioParts::use_population(const Scenario &scenario) {
  scenario_ = scenario;
  FuzzRandom random(population_seed(scenario));
  packets_.resize(kAllPackets);
  for (size_t i = kOwnPackets; i < kPackets; ++i) {
    packets_[i] = random_packet(scenario.sockets, random);
  }
  assigns_.clear();
  for (size_t i = 0; i < (scenario.sockets.size() + 1) * kFlagCombinations; ++i) {
    AssignOperation assign{std::nullopt, i % kFlagCombinations};
    if (i >= kFlagCombinations) assign.socket = i / kFlagCombinations - 1;
    assigns_.push_back(assign);
  }
  while (assigns_.size() < kStandingAssigns) assigns_.push_back(wrong_assign(scenario, random));
}

void ScenarioParts::use_scenario(const Scenario &scenario, uint64_t seed) {
  scenario_.programs = scenario.programs;
  scenario_.packet = scenario.packet;
  FuzzRandom random(seed);
  packets_[0] = scenario.packet;
  for (size_t i = 1; i < kOwnPackets; ++i) {
    packets_[i] = vary_packet(scenario.packet, scenario.sockets, random);
  }
  for (size_t i = kPackets; i < kAllPackets; ++i) {
    packets_[i] = with_other_port(scenario.packet, random);
  }
  assigns_.resize(kStandingAssigns);
  scripts_.clear();
  for (const ScriptedProgram &program : scenario.programs) scripts_.push_back(script_of(program));
  for (size_t i = 0; i < kVariedScripts && !scenario.programs.empty(); ++i) {
    Script script = scripts_[random.below(scenario.programs.size())];
    vary(script, random);
    scripts_.push_back(script);
  }
}

uint16_t ScenarioParts::assign_index(const AssignOperation &assign) {
  if (assign.flags < kFlagCombinations) {
    const size_t socket = assign.socket ? *assign.socket + 1 : 0;
    return static_cast<uint16_t>(socket * kFlagCombinations + assign.flags);
  }
  const auto own = assigns_.begin() + kStandingAssigns;
  const auto found = std::find(own, assigns_.end(), assign);
  const auto index = static_cast<uint16_t>(found - assigns_.begin());
  if (found == assigns_.end()) assigns_.push_back(assign);
  return index;
}

ScenarioParts::Script ScenarioParts::script_of(const ScriptedProgram &program) {
  Script script;
  script.return_code = program.return_code;
  for (const AssignOperation &assign : program.assigns) {
    // An input cannot have that many, but for one that was made by hand.
    if (assigns_.size() == kAssigns || script.assign_count == SKLAB_ASSIGNS) break;
    script.assigns[script.assign_count++] = assign_index(assign);
  }
  return script;
}

void ScenarioParts::vary(Script &script, FuzzRandom &random) {
  for (size_t changes = 1 + random.below(3); changes > 0; --changes) {
    const auto assign = static_cast<uint16_t>(random.below(kStandingAssigns));
    switch (random.below(4)) {
      case 0:
        if (script.assign_count < kUsualAssigns) script.assigns[script.assign_count++] = assign;
        break;
      case 1:
        if (script.assign_count > 0) --script.assign_count;
        break;
      case 2:
        if (script.assign_count > 0) script.assigns[random.below(script.assign_count)] = assign;
        break;
      default:
        script.return_code = random_code(scenario_, random);
    }
  }
}

ScriptedProgram ScenarioParts::program(const Script &script) const {
  ScriptedProgram program{{}, script.return_code};
  for (size_t i = 0; i < script.assign_count; ++i) {
    program.assigns.push_back(assigns_[script.assigns[i]]);
  }
  return program;
}

Scenario ScenarioParts::assemble(size_t packet, std::span<const size_t> scripts) const {
  Scenario scenario = scenario_;
  scenario.packet = packets_[packet];
  scenario.programs.clear();
  for (const size_t script : scripts) scenario.programs.push_back(program(scripts_[script]));
  return scenario;
}

}  // namespace sklab
