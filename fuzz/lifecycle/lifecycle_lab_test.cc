// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The kernel as the rules say, and what is found when it is not.
#include "fuzz/lifecycle/lifecycle_lab.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <iterator>
#include <span>
#include <string_view>

#include "fuzz/lifecycle/reproducer.h"
#include "fuzz/lifecycle/sequence_mutator.h"
#include "fuzz/lifecycle/sequence_records.h"
#include "fuzz/lifecycle/sequence_text.h"
#include "fuzz/target/random.h"
#include "harness/model/mutants.h"

namespace sklab {
namespace {

// As the fuzzer makes them, from nothing.
Sequence random_sequence(FuzzRandom &random) {
  std::vector<uint8_t> bytes(400);
  size_t size = 0;
  for (int i = 0; i < 16; ++i) size = mutate_sequence(bytes, size, random.next());
  return decode_sequence(std::span(bytes).first(size));
}

size_t open_descriptors() {
  return static_cast<size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

TEST(LifecycleLab, ThisKernelKeepsTheRulesAndNothingIsLeft) {
  auto lab = LifecycleLab::create(kernel_rules());
  ASSERT_TRUE(lab) << lab.error().message();
  FuzzRandom random(1);
  const auto check = [&](const Sequence &sequence) {
    const auto finding = lab->check(sequence);
    ASSERT_TRUE(finding) << finding.error().message();
    ASSERT_FALSE(*finding) << signature_of(**finding) << "\n"
                           << format_sequence((*finding)->sequence);
  };
  check({});
  const size_t before = open_descriptors();
  for (int i = 0; i < 200; ++i) check(random_sequence(random));
  check({});
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_GT(lab->operations(), 2000U);
}

// A rule that is wrong is found, and what is left of the sequence is short.
void expect_found(const Mutant &mutant) {
  Rules wrong = kernel_rules();
  mutant.mutate(wrong);
  auto lab = LifecycleLab::create(wrong);
  ASSERT_TRUE(lab) << lab.error().message();
  FuzzRandom random(1);
  while (lab->sequences() < 20000) {
    const auto finding = lab->check(random_sequence(random));
    ASSERT_TRUE(finding) << mutant.wrong_rule << ": " << finding.error().message();
    if (!*finding) continue;
    const std::string text = format_sequence((*finding)->sequence);
    std::printf("%6llu sequences  %s\n", static_cast<unsigned long long>(lab->sequences()),
                mutant.wrong_rule);
    EXPECT_LE((*finding)->sequence.operations.size(), kMaxLinks + 2) << text;
    EXPECT_NE(reproducer_of("", **finding).find("in_fresh_netns(run"), std::string::npos);
    return;
  }
  ADD_FAILURE() << "not found: " << mutant.wrong_rule;
}

TEST(LifecycleLab, EveryWrongRuleOfSequencesIsFound) {
  for (const Mutant &mutant : lifecycle_mutants()) expect_found(mutant);
}

TEST(LifecycleLab, EveryWrongRuleOfLinksIsFound) {
  for (const Mutant &mutant : mutants()) {
    if (std::string_view(mutant.wrong_rule).starts_with("links: ")) expect_found(mutant);
  }
}

}  // namespace
}  // namespace sklab
