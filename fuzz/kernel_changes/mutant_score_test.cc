// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/mutant_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/kernel_changes/kernel_mutant.h"

namespace sklab {
namespace {

using testing::HasSubstr;

MutantScore score_of(const std::string &name, bool noticed, double seconds) {
  return {name,   "6.12", "conform", noticed, noticed ? "conform" : "", noticed ? "a case" : "",
          seconds};
}

TEST(MutantScores, AreKept) {
  const std::vector<MutantScore> scores = {score_of("a", true, 2.5), score_of("b", false, 70)};
  const auto again = parse_mutant_scores(mutant_scores_json(scores));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(*again, scores);
  EXPECT_EQ(parse_mutant_scores("{}").error().kind, ErrorKind::kUsage);
}

TEST(MutantScores, TheSameAsTheOriginalDoNotCount) {
  const auto &mutants = kernel_mutants();
  const auto same = std::find_if(mutants.begin(), mutants.end(),
                                 [](const KernelMutant &one) { return one.equivalent != nullptr; });
  ASSERT_NE(same, mutants.end());
  const std::string table =
      mutant_table({score_of(mutants[0].name, true, 2), score_of(mutants[1].name, true, 80),
                    score_of(mutants[2].name, false, 90), score_of(same->name, false, 90)});
  EXPECT_THAT(table, HasSubstr("2 of 3 noticed (66.7 %), 1 within 60 s (33.3 %); 1 are the same"));
  EXPECT_THAT(table, HasSubstr("NOT NOTICED"));
}

TEST(MutantScores, TheFirstCaseThatFailed) {
  EXPECT_EQ(first_failed_case("KTAP version 1\n    ok 1 a\n    not ok 2 a drop, and more # 3 of 4\n"
                              "not ok 1 group\n"),
            "a drop, and more");
  EXPECT_EQ(first_failed_case("ok 1 group\n"), "");
}

TEST(MutantScores, ExcusedCasesAreTakenFromKtap) {
  EXPECT_THAT(excused_cases("    ok 1 a\n    ok 2 b, fresh # XFAIL known\n    ok 3 c # SKIP none\n"
                            "    not ok 4 d\nok 1 group\n"),
              testing::ElementsAre("b, fresh"));
}

}  // namespace
}  // namespace sklab
