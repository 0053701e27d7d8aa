// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/file.h"

namespace sklab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<uint8_t, 3> kInput = {0, 1, 255};

class FindingFolderTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(path_); }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("finding_test." + std::to_string(::getpid()));
  FindingFolder findings_{path_, {"semantics_fuzzer", "a mutant", {}}};
  Finding finding_{"no socket instead of one",
                   "socket a\nprogram 0 ran 1\n",
                   "socket none\nprogram 0 ran 1\n",
                   {{"finding.scenario", "scenario 1\n"}},
                   "finding.scenario"};
};

TEST_F(FindingFolderTest, HoldsAllThatShowsItAgain) {
  EXPECT_FALSE(findings_.has(finding_));
  const auto folder = findings_.add(finding_, kInput, "a line of the kernel\n");
  ASSERT_TRUE(folder) << folder.error().message();
  EXPECT_TRUE(findings_.has(finding_));
  EXPECT_EQ(*read_file(*folder / "input"), std::string("\0\1\xff", 3));
  EXPECT_EQ(*read_file(*folder / "finding.scenario"), "scenario 1\n");
  const std::string text = *read_file(*folder / "finding.txt");
  EXPECT_THAT(text, HasSubstr("! socket a         socket none\n"));
  EXPECT_THAT(text, HasSubstr("  program 0 ran 1  program 0 ran 1\n"));
  EXPECT_THAT(text, HasSubstr("sklab replay finding.scenario"));
  EXPECT_THAT(text, HasSubstr("SKLAB_MODEL_MUTANT='a mutant'"));
  EXPECT_THAT(text, HasSubstr("a line of the kernel"));
  const auto json = nlohmann::json::parse(*read_file(*folder / "finding.json"));
  EXPECT_EQ(json["signature"], finding_.signature);
  EXPECT_EQ(json["expected"].size(), 2);
}

TEST_F(FindingFolderTest, OneOfAKindIsKept) {
  const auto first = findings_.add(finding_, kInput, "");
  ASSERT_TRUE(first);
  Finding other = finding_;
  other.actual = "socket b\n";
  EXPECT_TRUE(findings_.has(other));
  const auto second = findings_.add(other, kInput, "");
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, *first);
  EXPECT_THAT(*read_file(*first / "finding.txt"), Not(HasSubstr("socket b")));
  other.signature = "another socket";
  EXPECT_FALSE(findings_.has(other));
}

TEST_F(FindingFolderTest, AFolderThatCannotBeWrittenIsAnError) {
  const FindingFolder nowhere("/proc/sklab", {"semantics_fuzzer", "kernel", {}});
  EXPECT_FALSE(nowhere.add(finding_, kInput, ""));
}

}  // namespace
}  // namespace sklab
