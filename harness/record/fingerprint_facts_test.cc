// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/fingerprint_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/test_record.h"

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

TEST(FingerprintFacts, WhatCameWhatWentAndWhatChanged) {
  const Fingerprint before = example_record().fingerprint;
  EXPECT_THAT(changed_facts(before, before), IsEmpty());
  Fingerprint after = before;
  after.cpu_model += " v2";
  after.mitigations.clear();
  after.mitigations["new_leak"] = "Vulnerable";
  std::vector<std::string> expected = {"cpu_model", "new_leak"};
  for (const auto &[name, value] : before.mitigations) expected.push_back(name);
  EXPECT_THAT(changed_facts(before, after), testing::UnorderedElementsAreArray(expected));
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
