// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How shells read these scripts is scripts/package_test.py's part.
#include "harness/manual/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::HasSubstr;

class CompletionTest : public testing::Test {
 protected:
  CompletionTest() : app_("", "lab") {
    CLI::App *save =
        app_.add_subcommand("baseline", "Kept runs")->add_subcommand("save", "Keep one");
    save->add_option("--sync", text_, "A kernel's [way]: how")->check(CLI::IsMember({"a", "b"}));
    save->add_option("--into", text_, "Where")->type_name("FOLDER");
    save->add_option("RUN", text_, "Which");
  }

  CLI::App app_;
  std::string text_;
};

TEST_F(CompletionTest, BashHasACaseForEachCommandAndEachValue) {
  const std::string script = bash_completion(describe_command(app_));
  EXPECT_THAT(script, HasSubstr("'lab baseline')\n        commands='save'\n"));
  EXPECT_THAT(script, HasSubstr("options='-h --help --sync --into'\n        arguments='files'\n"));
  EXPECT_THAT(script, HasSubstr("'lab baseline save --sync') value='words a b' ;;\n"));
  EXPECT_THAT(script, HasSubstr("'lab baseline save --into') value='folders' ;;\n"));
  EXPECT_THAT(script, HasSubstr("complete -F _lab lab\n"));
}

TEST_F(CompletionTest, ZshHasAFunctionForEachCommand) {
  const std::string script = zsh_completion(describe_command(app_));
  EXPECT_THAT(script, HasSubstr("#compdef lab\n"));
  EXPECT_THAT(script, HasSubstr("      save) _lab_baseline_save ;;\n"));
  EXPECT_THAT(script, HasSubstr("'(--sync)--sync=[A kernel'\\''s \\[way\\]\\: how]:TEXT:(a b)'"));
  EXPECT_THAT(script, HasSubstr("':RUN:_files'\n"));
}

TEST_F(CompletionTest, FishAsksWhichCommandIsThere) {
  const std::string script = fish_completion(describe_command(app_));
  EXPECT_THAT(script, HasSubstr("            case 'lab baseline' 'lab baseline save'\n"));
  EXPECT_THAT(script, HasSubstr("-n 'test (__fish_lab_command) = \"lab baseline\"' -a save -d "
                                "'Keep one'\n"));
  EXPECT_THAT(script, HasSubstr("= \"lab baseline save\"' -l sync -x -a 'a b' -d "
                                "'A kernel\\'s [way]: how'\n"));
  EXPECT_THAT(script, HasSubstr("= \"lab baseline save\"' -F\n"));
}

}  // namespace
}  // namespace sklab
