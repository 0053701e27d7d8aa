// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/manual/man_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/manual/roff.h"

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(RoffTest, NothingIsTakenForARequestOrATypographicSign) {
  EXPECT_EQ(roff_code("--filter '^udp4/'"), "\\-\\-filter \\(aq\\(haudp4/\\(aq");
  EXPECT_EQ(roff_code(".a\\b"), "\\&.a\\eb");
  EXPECT_EQ(roff_text("`lab --list` is well-known, --all too"),
            "\\fBlab \\-\\-list\\fR is well-known, \\-\\-all too");
  EXPECT_EQ(roff_text("two\nlines"), "two lines");
}

class ManPageTest : public testing::Test {
 protected:
  ManPageTest() : app_("A lab for sockets.", "lab") {
    app_.footer("Exit codes: 0 fine; 2 usage.\n");
    CLI::App *run = app_.add_subcommand("run", "Measure what a lookup costs");
    run->add_option("FILE", text_, "Scenarios")->required();
    run->add_option("--sync", text_, "How it is written")->check(CLI::IsMember({"each", "none"}));
    run->add_option("--seed", text_, "Of the order")->group("Rare ones");
    run->footer("It takes a while.\n\nExamples:\n  lab run a\n  lab run b\n\nA file:\n  .word\n");
  }
  std::string page(size_t index) {
    const CommandHelp root = describe_command(app_);
    return man_page(*with_subcommands(root).at(index), root, {"2026-01-31", "lab 1.0"});
  }

  CLI::App app_;
  std::string text_;
};

TEST_F(ManPageTest, ACommandHasItsOwnPage) {
  const std::string text = page(1);
  EXPECT_THAT(text, HasSubstr(".TH LAB\\-RUN 1 2026-01-31 \"lab 1.0\" \"User Commands\"\n"));
  EXPECT_THAT(text, HasSubstr(".SH NAME\nlab\\-run \\- measure what a lookup costs\n"));
  EXPECT_THAT(text, HasSubstr("\\fBlab run\\fR [\\fIOPTION\\fR ...] \\fIFILE\\fR\n"));
  EXPECT_THAT(text, HasSubstr("Measure what a lookup costs.\n.PP\nIt takes a while.\n"));
  EXPECT_THAT(text, HasSubstr(".SH ARGUMENTS\n.TP\n\\fIFILE\\fR\nScenarios.\n"));
  EXPECT_THAT(text, HasSubstr("One of: \\fBeach\\fR, \\fBnone\\fR.\n"));
  EXPECT_THAT(text, HasSubstr(".SS Rare ones\n.TP\n\\fB\\-\\-seed\\fR"));
  EXPECT_THAT(text, HasSubstr(".SH A FILE\n.nf\n\\&.word\n.fi\n"));
  EXPECT_THAT(text, HasSubstr(".SH EXAMPLES\n.nf\nlab run a\nlab run b\n.fi\n"));
  EXPECT_THAT(text, HasSubstr(".SH SEE ALSO\n.BR lab (1)\n"));
}

TEST_F(ManPageTest, ExitCodesThatACommandDoesNotSayAreTheProgramsOwn) {
  EXPECT_THAT(page(1), HasSubstr(".SH EXIT STATUS\n.TP\n\\fB0\\fR\nfine\n.TP\n\\fB2\\fR\nusage\n"));
}

TEST_F(ManPageTest, TheProgramsPageHasTheFirstExampleOfEachCommand) {
  const std::string text = page(0);
  EXPECT_THAT(text, HasSubstr(".SH EXAMPLES\n.nf\nlab run a\n.fi\n"));
  EXPECT_THAT(text, HasSubstr(".SH COMMANDS\n.TP\n.BR lab\\-run (1)\nMeasure"));
  EXPECT_THAT(text, HasSubstr("lab \\- a lab for sockets\n"));
  EXPECT_THAT(text, Not(HasSubstr("lab run b")));
}

}  // namespace
}  // namespace sklab
