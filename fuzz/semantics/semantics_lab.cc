// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/semantics_lab.h"

#include <algorithm>

#include "fuzz/semantics/features.h"
#include "fuzz/semantics/reduce_scenario.h"
#include "fuzz/semantics/variation.h"
#include "harness/conform/raw_program.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// Of an input, itself among them. More of them make each lookup cheaper, fewer leave time for more
// populations, which inputs alone can change.
constexpr size_t kVariations = 256;

}  // namespace

Result<SemanticsLab> SemanticsLab::create(const Rules &rules) {
  SKLAB_TRY(ScenarioProbe probe, ScenarioProbe::create());
  SKLAB_TRY(Netns elsewhere, Netns::create());
  SKLAB_TRY(const UniqueFd program, load_constant_program(SK_PASS));
  SKLAB_TRY(NetnsLink key_holder, NetnsLink::attach(program.get(), elsewhere));
  return SemanticsLab(std::move(probe), std::move(elsewhere), std::move(key_holder), rules);
}

// Opening sockets takes a thousand times what a lookup does, and most inputs differ in programs
// only.
Result<> SemanticsLab::prepare(const Scenario &scenario) {
  if (population_ != scenario.sockets) {
    population_.reset();
    SKLAB_CHECK(probe_.populate(scenario.sockets));
    population_ = scenario.sockets;
  }
  return probe_.attach(scenario.dialect, scenario.codes, scenario.programs.size());
}

// Copies into what is there already allocate nothing.
Result<> SemanticsLab::fill_batch(Scenario &scenario, FuzzRandom &random) {
  const Variation base{scenario.programs, scenario.packet};
  batch_.resize(std::min(kVariations, probe_.batch_size()));
  for (Variation &variation : batch_) {
    scenario.programs = base.programs;
    scenario.packet = base.packet;
    if (&variation != &batch_.front()) vary_scenario(scenario, random);
    SKLAB_CHECK(probe_.add(scenario));
    std::swap(variation.programs, scenario.programs);
    variation.packet = scenario.packet;
  }
  return Ok{};
}

Result<std::optional<SemanticsFinding>> SemanticsLab::check(Scenario scenario, uint64_t seed) {
  SKLAB_CHECK(prepare(scenario));
  FuzzRandom random(seed);
  SKLAB_CHECK(fill_batch(scenario, random));
  std::optional<size_t> wrong;
  SKLAB_CHECK(probe_.run([&](size_t index, const Observation &observed) {
    std::swap(scenario.programs, batch_[index].programs);
    scenario.packet = batch_[index].packet;
    evaluate_into(scenario, Arrival::kHelper, rules_, expected_);
    if (index == 0) note_features(scenario, expected_);
    if (!wrong && !allows(expected_, observed)) wrong = index;
    std::swap(scenario.programs, batch_[index].programs);
  }));
  scenarios_checked_ += batch_.size();
  kernel_ns_ += probe_.lookup_ns();
  if (!wrong) return std::nullopt;
  scenario.programs = batch_[*wrong].programs;
  scenario.packet = batch_[*wrong].packet;
  SKLAB_TRY(SemanticsFinding finding, confirm(scenario));
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
