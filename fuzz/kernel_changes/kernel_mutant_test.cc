// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/kernel_mutant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sklab {
namespace {

using testing::HasSubstr;

TEST(KernelMutants, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const KernelMutant &mutant : kernel_mutants()) {
    EXPECT_TRUE(names.insert(mutant.name).second) << mutant.name;
    EXPECT_STRNE(mutant.find, mutant.replace) << mutant.name;
  }
  EXPECT_GE(names.size(), 60U);
  EXPECT_EQ(*mutant_number(kernel_mutants()[2].name), 3U);
  EXPECT_EQ(mutant_number("none").error().kind, ErrorKind::kUsage);
}

TEST(KernelMutants, OneIsAPlainChange) {
  const KernelMutant mutant{"m", "a.c", "f", "return ", "1", ";", "2"};
  const SourceChange change = change_of(mutant);
  ASSERT_EQ(change.edits.size(), 1U);
  EXPECT_EQ(change.edits[0].find, "return 1;");
  EXPECT_EQ(change.edits[0].replace, "return 2;");
}

// Places of several mutants have all of their choices.
TEST(KernelMutants, AllOfThemAreInOneChange) {
  const SourceChange all = change_to_all_mutants();
  std::string text;
  for (const SourceEdit &edit : all.edits) text += edit.replace;
  for (size_t i = 1; i <= kernel_mutants().size(); ++i) {
    EXPECT_THAT(text, HasSubstr("sklab_mutant == " + std::to_string(i))) << i;
  }
  EXPECT_LT(all.edits.size(), kernel_mutants().size() + 16);
  // The kernel's words are those that are looked for.
  const std::string words = mutant_announcement(7);
  EXPECT_THAT(text, HasSubstr("sklab: mutant %d" + words.substr(words.find(" of "))));
}

TEST(KernelMutants, NumbersAreOfOneTable) {
  EXPECT_NE(mutant_announcement(1), mutant_announcement(2));
}

}  // namespace
}  // namespace sklab
