// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/semantics_lab.h"

#include <algorithm>

#include "fuzz/semantics/features.h"
#include "fuzz/semantics/reduce_scenario.h"
#include "fuzz/semantics/scenario_walk.h"
#include "fuzz/target/coverage.h"
#include "harness/conform/raw_program.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"

namespace sklab {
Result<SemanticsLab> SemanticsLab::create(const Rules &rules) {
  SKLAB_TRY(ScenarioProbe probe, ScenarioProbe::create());
  SKLAB_TRY(Netns elsewhere, Netns::create());
  SKLAB_TRY(const UniqueFd program, load_constant_program(SK_PASS));
  SKLAB_TRY(NetnsLink key_holder, NetnsLink::attach(program.get(), elsewhere));
  SemanticsLab lab(std::move(probe), std::move(elsewhere), std::move(key_holder), rules);
  if (!lab.tables_.can_keep()) return fail("keep answers of rules with a stage of their own");
  return lab;
}

// Opening sockets takes a thousand times what a lookup does, and most inputs differ in programs
// only.
Result<> SemanticsLab::prepare(const Scenario &scenario, uint64_t seed) {
  const bool same = population_ && population_->dialect == scenario.dialect &&
                    population_->codes == scenario.codes &&
                    population_->sockets == scenario.sockets;
  if (!same) {
    population_.reset();
    SKLAB_CHECK(probe_.populate(scenario.sockets));
    population_ = {scenario.dialect, scenario.codes, scenario.sockets};
    parts_.use_population(scenario);
    tables_.forget_population(parts_);
  }
  parts_.use_scenario(scenario, seed);
  tables_.forget_scenario(parts_);
  SKLAB_CHECK(probe_.attach(scenario.dialect, scenario.codes, scenario.programs.size()));
  return write_parts(!same);
}

Result<> SemanticsLab::write_parts(bool all_packets) {
  const ScriptedPrograms::Batch batch = probe_.shared_batch();
  for (size_t i = 0; i < parts_.scripts().size(); ++i) {
    SKLAB_CHECK(write_script(parts_.program(parts_.scripts()[i]), batch.scripts[i]));
  }
  for (size_t i = 0; i < ScenarioParts::kAllPackets; ++i) {
    const bool stands = i >= ScenarioParts::kOwnPackets && i < ScenarioParts::kPackets;
    if (all_packets || !stands) write_packet(parts_.packets()[i], batch.packets[i]);
  }
  return Ok{};
}

Scenario SemanticsLab::scenario_of(size_t lookup) {
  const ScriptedPrograms::Batch batch = probe_.shared_batch();
  std::vector<size_t> scripts;
  for (const sklab_run &run : batch.runs.subspan(lookup * parts_.programs(), parts_.programs())) {
    scripts.push_back(run.script);
  }
  return parts_.assemble(batch.lookups[lookup].packet, scripts);
}

Result<std::optional<SemanticsFinding>> SemanticsLab::check(const Scenario &scenario,
                                                            uint64_t seed) {
  SKLAB_CHECK(prepare(scenario, seed));
  const size_t lookups = write_lookups(probe_.shared_batch(), parts_, seed);
  SKLAB_CHECK(probe_.look_up(lookups));
  const ScriptedPrograms::Batch batch = probe_.shared_batch();
  const auto wrong = tables_.find_wrong(batch.lookups.first(lookups), batch.runs);
  scenarios_checked_ += lookups;
  kernel_ns_ += probe_.lookup_ns();
  // What an input is kept for is what its own scenario does, the same each time, and not which
  // answers of the rules had been asked for before.
  forget_coverage();
  evaluate_into(scenario, Arrival::kHelper, rules_, expected_);
  note_features(scenario, expected_);
  if (!wrong) return std::nullopt;
  SKLAB_TRY(SemanticsFinding finding, confirm(scenario_of(*wrong)));
  return finding;
}

// Which member of a reuseport group is chosen depends on a secret of the network namespace, and so
// may a disagreement: then each of a few has a chance to show it.
Result<std::optional<SemanticsFinding>> SemanticsLab::observe_again(const Scenario &scenario) {
  constexpr size_t kNamespaces = 32;
  const bool by_hash = std::any_of(scenario.sockets.begin(), scenario.sockets.end(),
                                   [](const SocketSpec &socket) { return socket.reuseport_group; });
  const Outcome expected = evaluate(scenario, Arrival::kHelper, rules_);
  for (size_t i = 0; i < (by_hash ? kNamespaces : 1); ++i) {
    SKLAB_TRY(const Observation observed, probe_.observe(scenario));
    if (!allows(expected, observed)) return SemanticsFinding{scenario, expected, observed};
  }
  return std::nullopt;
}

Result<SemanticsFinding> SemanticsLab::confirm(const Scenario &scenario) {
  population_.reset();
  SKLAB_TRY(auto finding, observe_again(scenario));
  if (!finding) {
    return fail_as(ErrorKind::kMismatch, "see again, in fresh network namespaces, what was wrong",
                   "\n" + format_scenario(scenario));
  }
  reduce_scenario(scenario, [&](const Scenario &smaller) {
    // A smaller scenario that the machine does not let us build is no smaller finding.
    auto seen = observe_again(smaller);
    if (!seen || !*seen) return false;
    finding = std::move(*seen);
    return true;
  });
  return *std::move(finding);
}

}  // namespace sklab
