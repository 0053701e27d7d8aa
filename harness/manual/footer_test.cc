// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/manual/footer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(FooterTest, PartsAreToldApart) {
  const Footer footer = parse_footer(
      "All of it goes\nto stdout.\n\nExamples:\n  lab run\n  lab run --fast   quickly\n\n"
      "Exit codes: 0 fine; 4 cannot run here, for\nthe reason printed; 130 interrupted.\n");
  EXPECT_THAT(footer.paragraphs, ElementsAre("All of it goes to stdout."));
  ASSERT_EQ(footer.blocks.size(), 1U);
  EXPECT_EQ(footer.blocks[0].title, "Examples");
  EXPECT_THAT(footer.blocks[0].lines, ElementsAre("lab run", "lab run --fast   quickly"));
  EXPECT_THAT(footer.exit_codes,
              ElementsAre(Pair("0", "fine"), Pair("4", "cannot run here, for the reason printed"),
                          Pair("130", "interrupted")));
}

TEST(FooterTest, ExitCodesNeedNoEmptyLineBefore) {
  const Footer footer = parse_footer("A sentence.\nExit codes: 0 fine.\n");
  EXPECT_THAT(footer.paragraphs, ElementsAre("A sentence."));
  EXPECT_THAT(footer.exit_codes, ElementsAre(Pair("0", "fine")));
}

TEST(FooterTest, AColonAloneMakesNoBlock) {
  EXPECT_THAT(parse_footer("Note this:\nno indent").paragraphs,
              ElementsAre("Note this: no indent"));
  EXPECT_THAT(parse_footer("Examples:").paragraphs, ElementsAre("Examples:"));
}

TEST(FooterTest, NothingHasNoParts) {
  for (const char *text : {"", "\n\n", "Exit codes:"}) {
    const Footer footer = parse_footer(text);
    EXPECT_THAT(footer.paragraphs, IsEmpty());
    EXPECT_THAT(footer.blocks, IsEmpty());
    EXPECT_THAT(footer.exit_codes, IsEmpty());
  }
}

}  // namespace
}  // namespace sklab
