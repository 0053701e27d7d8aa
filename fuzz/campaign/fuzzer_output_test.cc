// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/fuzzer_output.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

constexpr char kNew[] =
    "#10549\tNEW    cov: 542 ft: 8426 corp: 3441/533Kb lim: 1200 exec/s: 1758 rss: 39Mb L: 144/600 "
    "MS: 2 Custom-Custom-";

TEST(ParseLibFuzzerLine, ReadsTheFigures) {
  EXPECT_EQ(parse_libfuzzer_line(kNew), (LibFuzzerFigures{542, 8426, 3441}));
  EXPECT_EQ(parse_libfuzzer_line("#2\tINITED cov: 5 ft: 6 corp: 1/1b exec/s: 0 rss: 30Mb"),
            (LibFuzzerFigures{5, 6, 1}));
  EXPECT_EQ(parse_libfuzzer_line("#1048576\tpulse  cov: 1 ft: 2 corp: 3/4b lim: 11 exec/s: 5"),
            (LibFuzzerFigures{1, 2, 3}));
}

TEST(ParseLibFuzzerLine, LeavesEverythingElse) {
  for (const char *line :
       {"", "#", "#0\tREAD units: 3441", "INFO: Seed: 1 cov: 1 ft: 2 corp: 3",
        "#1 NEW cov: many ft: 2 corp: 3", "#1 NEW cov: 1 ft: 2 corp:",
        "#1 NEW cov: 99999999999999999999999 ft: 2 corp: 3", "    #1 0x55d0 in main"}) {
    EXPECT_EQ(parse_libfuzzer_line(line), std::nullopt) << line;
  }
}

TEST(FuzzerOutput, LinesComeInPieces) {
  FuzzerOutput output;
  const std::string text = std::string(kNew) + "\nfinding: /a/b\nlast";
  for (const char letter : text) output.add({&letter, 1});
  EXPECT_EQ(output.figures(), (LibFuzzerFigures{542, 8426, 3441}));
  EXPECT_TRUE(output.wrote_finding());
  EXPECT_EQ(output.last_lines(), std::deque<std::string>{"finding: /a/b"});
  output.add(" line\n\n");
  EXPECT_EQ(output.last_lines(), (std::deque<std::string>{"finding: /a/b", "last line", ""}));
}

TEST(FuzzerOutput, KnowsWhatCouldNotBeDone) {
  FuzzerOutput output;
  EXPECT_EQ(output.complaint(), "");
  output.add("INFO: Seed: 1\na_fuzzer: cannot leave the netns: Operation not permitted\nmore\n");
  EXPECT_EQ(output.complaint(), "a_fuzzer: cannot leave the netns: Operation not permitted");
  EXPECT_FALSE(output.wrote_finding());
}

TEST(FuzzerOutput, IsBounded) {
  FuzzerOutput output;
  for (int i = 0; i < 10000; ++i) output.add("a line\n");
  output.add(std::string(1 << 20, 'x') + "\n");
  EXPECT_LT(output.last_lines().size(), 1000);
  EXPECT_LT(output.last_lines().back().size(), 5000);
  EXPECT_EQ(output.last_lines().back()[0], 'x');
}

}  // namespace
}  // namespace sklab
