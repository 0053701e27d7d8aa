// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/random_populations.h"

#include <array>
#include <random>

#include "harness/conform/comparison.h"
#include "harness/model/random_scenario.h"

namespace sklab {
namespace {

constexpr std::array<size_t, 5> kProgramCounts = {0, 1, 2, 3, 8};
constexpr size_t kLookups = 50;  // of each population and number of programs

size_t populations(Depth depth) {
  switch (depth) {
    case Depth::kQuick:
      return 40;
    case Depth::kDefault:
      break;
    case Depth::kExhaustive:
      return 4000;
  }
  return 400;
}

Result<> check_population(ScenarioProbe &probe, const Rules &rules, Scenario scenario,
                          std::mt19937_64 &random, Case &result) {
  SKLAB_CHECK(probe.populate(scenario.sockets));
  Comparison comparison(probe, rules, result);
  for (const Dialect dialect : kDialects) {
    scenario.dialect = dialect;
    for (const size_t programs : kProgramCounts) {
      scenario.programs.resize(programs);
      SKLAB_CHECK(comparison.start(scenario));
      for (size_t i = 0; i < kLookups; ++i) {
        randomize_lookup(scenario, programs, random);
        SKLAB_CHECK(comparison.add(scenario));
      }
      SKLAB_CHECK(comparison.finish());
    }
  }
  return Ok{};
}

}  // namespace

void check_random_populations(CaseLog &log, const ConformSettings &settings) {
  auto probe = ScenarioProbe::create();
  std::mt19937_64 random(settings.seed);
  log.run("probe", [&](Case &result) -> Result<> {
    if (!probe) return tl::unexpected(probe.error());
    for (size_t i = 0; i < populations(settings.depth); ++i) {
      SKLAB_CHECK(
          check_population(*probe, *settings.rules, random_scenario(random), random, result));
    }
    return Ok{};
  });
}

}  // namespace sklab
