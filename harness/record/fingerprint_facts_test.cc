// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/fingerprint_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FingerprintFacts, KnobsAndMitigationsAreFactsOfTheirOwn) {
  Fingerprint fingerprint;
  fingerprint.cpus_online = 2;
  fingerprint.bpf_knobs["bpf_jit_enable"] = "1";
  auto facts = fingerprint_facts(fingerprint);
  EXPECT_EQ(facts["cpus_online"], "2");
  EXPECT_EQ(facts["bpf_jit_enable"], "1");
}

TEST(ChangedFacts, AreWhatCameWhatWentAndWhatChanged) {
  const std::map<std::string, std::string> before = {{"a", "1"}, {"b", "2"}, {"c", "3"}};
  EXPECT_THAT(changed_facts(before, before), IsEmpty());
  std::vector<std::string> changes;
  for (const auto &[fact, old, now] : changed_facts(before, {{"a", "1"}, {"b", "4"}, {"d", "5"}})) {
    changes.push_back(fact + ": " + old + " to " + now);
  }
  EXPECT_THAT(changes, ElementsAre("b: 2 to 4", "c: 3 to ", "d:  to 5"));
}

// A fact that is added has to be thought about once: may figures be compared when it differs?
TEST(FingerprintFacts, ByDefaultADifferenceForbidsToCompare) {
  std::vector<std::string> forbidding;
  for (const auto &[name, value] : fingerprint_facts(Fingerprint())) {
    if (!may_differ(name)) forbidding.push_back(name);
  }
  EXPECT_THAT(forbidding, ElementsAre("architecture", "bpf_compiler", "clocksource", "cpu_governor",
                                      "cpu_model", "cpus_online", "hypervisor",
                                      "kernel_config_sha256", "microcode", "preemption"));
  EXPECT_FALSE(may_differ("bpf_jit_enable"));
}

}  // namespace
}  // namespace sklab
