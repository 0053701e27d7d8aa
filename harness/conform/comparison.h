// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/conform/case_log.h"
#include "harness/model/rules.h"
#include "harness/path/scenario_packet.h"
#include "harness/path/scenario_probe.h"

namespace sklab {

// What to print when kernel and rules disagree: the scenario's text, which `sklab replay` reads,
// and both answers.
Mismatch describe_mismatch(const Scenario &scenario, const Outcome &expected,
                           const Observation &observed);
Mismatch describe_mismatch(const Scenario &scenario, const Outcome &expected,
                           const PacketObservation &observed);

// Compares what the kernel does with many scenarios on the probe path with what the rules say.
// They share a population, which is open already, dialect and number of programs.
class Comparison {
 public:
  // Everything is borrowed.
  Comparison(ScenarioProbe &probe, const Rules &rules, Case &result)
      : probe_(probe), rules_(rules), case_(result) {}

  // Attaches what the scenarios need. What was added before has to be finished.
  Result<> start(const Scenario &scenario);

  // One more scenario; it may be changed afterwards.
  Result<> add(const Scenario &scenario);

  // Makes the lookups that are left.
  Result<> finish();

 private:
  ScenarioProbe &probe_;
  const Rules &rules_;
  Case &case_;
  std::vector<Scenario> scenarios_;
};

}  // namespace sklab
