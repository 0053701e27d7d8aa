// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/comparison.h"

#include <cerrno>

#include "harness/measure/interrupt.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"

namespace sklab {

namespace {

Mismatch describe_both(const Scenario &scenario, const Outcome &expected,
                       const std::string &observed) {
  const std::string text = format_scenario(scenario) + "# rules:  " + describe(expected, scenario) +
                           "\n# kernel: " + observed;
  return {text, text};
}

}  // namespace

Mismatch describe_mismatch(const Scenario &scenario, const Outcome &expected,
                           const Observation &observed) {
  return describe_both(scenario, expected, describe(observed, scenario));
}

Mismatch describe_mismatch(const Scenario &scenario, const Outcome &expected,
                           const PacketObservation &observed) {
  return describe_both(scenario, expected, describe(observed, scenario) + " (packet)");
}

Result<> Comparison::start(const Scenario &scenario) {
  SKLAB_CHECK(probe_.attach(scenario.dialect, scenario.codes, scenario.programs.size()));
  scenarios_.assign(probe_.batch_size(), scenario);
  return Ok{};
}

Result<> Comparison::add(const Scenario &scenario) {
  // Copies into what is there already allocate nothing.
  Scenario &kept = scenarios_[probe_.added()];
  kept.programs = scenario.programs;
  kept.packet = scenario.packet;
  SKLAB_CHECK(probe_.add(scenario));
  return probe_.added() == probe_.batch_size() ? finish() : Result<>(Ok{});
}

Result<> Comparison::finish() {
  // A case of an exhaustive run takes seconds, which nobody waits for after ^C.
  if (interrupted()) return fail("finish", "comparing", EINTR);
  return probe_.run([&](size_t index, const Observation &observed) {
    const Scenario &scenario = scenarios_[index];
    const Outcome expected = evaluate(scenario, Arrival::kHelper, rules_);
    case_.check(allows(expected, observed),
                [&] { return describe_mismatch(scenario, expected, observed); });
  });
}

}  // namespace sklab
