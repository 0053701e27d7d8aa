// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/manual/command_help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Of a parser with one option, or argument, that `add` adds.
template <typename Add>
OptionHelp described(Add add) {
  CLI::App app;
  app.set_help_flag();
  add(app);
  const CommandHelp help = describe_command(app);
  const auto &options = help.options.empty() ? help.arguments : help.options;
  EXPECT_EQ(options.size(), 1U);
  return options.at(0);
}

struct KindCase {
  const char *name;
  const char *type;  // nullptr: the parser's own
  ValueHint kind;
};

TEST(CommandHelpTest, ATypeOrAnArgumentsNameSaysWhatAValueIs) {
  constexpr KindCase kCases[] = {
      {"--value", nullptr, ValueHint::kAny},     {"--value", "FILE", ValueHint::kFile},
      {"--value", "FOLDER", ValueHint::kFolder}, {"--value", "PATH", ValueHint::kFile},
      {"FOLDER", nullptr, ValueHint::kFolder},   {"BASELINE", nullptr, ValueHint::kFile},
      {"COUNT", "UINT", ValueHint::kAny},
  };
  for (const KindCase &one : kCases) {
    std::string value;
    const OptionHelp help = described([&](CLI::App &app) {
      CLI::Option *option = app.add_option(one.name, value, "");
      if (one.type != nullptr) option->type_name(one.type);
    });
    EXPECT_EQ(help.value, one.kind) << one.name << " " << (one.type ? one.type : "");
  }
}

TEST(CommandHelpTest, WhatChecksAValueSaysWhatIsOffered) {
  std::string value;
  const auto checked = [&](const CLI::Validator &check) {
    return described([&](CLI::App &app) { app.add_option("--value", value, "")->check(check); });
  };
  EXPECT_EQ(checked(CLI::ExistingFile).value, ValueHint::kFile);
  EXPECT_EQ(checked(CLI::ExistingDirectory).value, ValueHint::kFolder);
  EXPECT_EQ(checked(CLI::Range(1, 9)).limits, "INT in [1 - 9]");
  const OptionHelp choice = checked(CLI::IsMember({"first", "second"}));
  EXPECT_EQ(choice.value, ValueHint::kChoice);
  EXPECT_THAT(choice.choices, ElementsAre("first", "second"));
}

TEST(CommandHelpTest, AFlagTakesNothing) {
  bool set = false;
  const OptionHelp help =
      described([&](CLI::App &app) { app.add_flag("-q,--quick", set, "Less precise"); });
  EXPECT_THAT(help.names, ElementsAre("-q", "--quick"));
  EXPECT_EQ(help.value, ValueHint::kNone);
  EXPECT_EQ(help.value_name, "");
  EXPECT_FALSE(help.takes_several);
}

TEST(CommandHelpTest, DefaultsNumbersAndExclusionsAreKept) {
  CLI::App app;
  app.set_help_flag();
  std::vector<std::string> folders;
  unsigned jobs = 3;
  CLI::Option *merge = app.add_option("--merge", folders, "");
  app.add_option("--jobs", jobs, "")->capture_default_str()->required()->excludes(merge);
  const CommandHelp help = describe_command(app);
  EXPECT_TRUE(help.options.at(0).takes_several);
  EXPECT_THAT(help.options.at(0).excludes, ElementsAre("--jobs"));
  EXPECT_EQ(help.options.at(1).default_value, "3");
  EXPECT_TRUE(help.options.at(1).is_required);
  EXPECT_FALSE(help.options.at(1).takes_several);
}

TEST(CommandHelpTest, CommandsBelowCommandsHaveAllTheirWords) {
  CLI::App app("", "lab");
  CLI::App *store = app.add_subcommand("baseline", "");
  store->add_subcommand("save", "");
  app.add_subcommand("hidden", "")->group("");
  std::vector<std::string> names;
  const CommandHelp root = describe_command(app);
  for (const CommandHelp *command : with_subcommands(root)) {
    names.push_back(join_words(*command, "-"));
  }
  EXPECT_THAT(names, ElementsAre("lab", "lab-baseline", "lab-baseline-save"));
}

TEST(CommandHelpTest, GroupsOfOptionsAreTheCommandsOwnAndHiddenOnesNobodys) {
  CLI::App app("", "lab");
  app.set_help_flag();
  int value = 0;
  app.add_option("--hidden", value, "")->group("");
  app.add_option_group("More")->add_option("--grouped", value, "");
  const CommandHelp help = describe_command(app);
  EXPECT_EQ(help.options.size(), 1U);
  EXPECT_THAT(help.options.at(0).names, ElementsAre("--grouped"));
  EXPECT_THAT(help.subcommands, IsEmpty());
}

}  // namespace
}  // namespace sklab
