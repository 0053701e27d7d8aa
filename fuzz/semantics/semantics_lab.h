// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "fuzz/semantics/rule_tables.h"
#include "fuzz/semantics/scenario_parts.h"
#include "fuzz/semantics/semantics_finding.h"
#include "fuzz/target/random.h"
#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"
#include "harness/model/rules.h"
#include "harness/path/scenario_probe.h"

namespace sklab {

// Compares the kernel with the rules on the probe path, a scenario and thousands of its kin at a
// time.
class SemanticsLab {
 public:
  // To be called in a process that isolate_process() has moved. `rules` are copied.
  static Result<SemanticsLab> create(const Rules &rules);

  // The scenario and as many others of its parts as make a batch; the same for the same seed.
  // Errors: what the kernel or the machine did not let us do, a disagreement that does not repeat
  // among it.
  Result<std::optional<SemanticsFinding>> check(const Scenario &scenario, uint64_t seed);

  [[nodiscard]] uint64_t scenarios_checked() const { return scenarios_checked_; }
  // Spent in the kernel's lookups, system call included.
  [[nodiscard]] uint64_t kernel_ns() const { return kernel_ns_; }

 private:
  SemanticsLab(ScenarioProbe probe, Netns elsewhere, NetnsLink key_holder, const Rules &rules)
      : probe_(std::move(probe)),
        elsewhere_(std::move(elsewhere)),
        key_holder_(std::move(key_holder)),
        rules_(rules),
        tables_(rules) {}

  // What the standing parts belong to.
  struct Population {
    Dialect dialect;
    ReturnCodes codes;
    std::vector<SocketSpec> sockets;

    bool operator==(const Population &) const = default;
  };

  Result<> prepare(const Scenario &scenario, uint64_t seed);
  Result<> write_parts(bool all_packets);
  [[nodiscard]] Scenario scenario_of(size_t lookup);
  Result<SemanticsFinding> confirm(const Scenario &scenario);
  Result<std::optional<SemanticsFinding>> observe_again(const Scenario &scenario);

  ScenarioProbe probe_;
  // Where a program stays attached, so that the kernel's static key is not switched, which patches
  // code, whenever a population goes.
  Netns elsewhere_;
  NetnsLink key_holder_;
  Rules rules_;
  ScenarioParts parts_;
  RuleTables tables_;
  std::optional<Population> population_;
  Outcome expected_;
  uint64_t scenarios_checked_ = 0;
  uint64_t kernel_ns_ = 0;
};

}  // namespace sklab
