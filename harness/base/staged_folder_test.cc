// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/staged_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "harness/base/file.h"
#include "harness/base/temporary_folder.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

class StagedFolderTest : public testing::Test {
 protected:
  std::set<std::string> entries() const {
    std::set<std::string> names;
    for (const auto &entry : fs::directory_iterator(parent())) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }
  fs::path parent() const { return root_.path() / "above" / "parent"; }
  // With a file that has `content`.
  Result<StagedFolder> stage(const std::string &content) const {
    auto staged = StagedFolder::create(parent(), "6.1");
    if (staged) {
      EXPECT_TRUE(write_file_atomically(staged->path() / "file", content));
    }
    return staged;
  }

  TemporaryFolder root_ = *TemporaryFolder::create("sklab-staged");
};

TEST_F(StagedFolderTest, AppearsCompleteOrNotAtAll) {
  {
    auto staged = stage("one");
    ASSERT_TRUE(staged) << staged.error().message();
    EXPECT_FALSE(entries().contains("6.1"));
    const StagedFolder moved = std::move(*staged);
    EXPECT_EQ(entries().size(), 1U);
  }
  EXPECT_TRUE(entries().empty());
  auto staged = stage("one");
  EXPECT_EQ(*staged->publish(), parent() / "6.1");
  EXPECT_EQ(*read_file(parent() / "6.1" / "file"), "one");
  EXPECT_EQ(entries(), std::set<std::string>{"6.1"});
}

TEST_F(StagedFolderTest, ReplacesOnlyWhenAsked) {
  {
    ASSERT_TRUE(stage("one")->publish_in_place());
    EXPECT_FALSE(stage("two")->publish());
    EXPECT_EQ(*read_file(parent() / "6.1" / "file"), "one");
    ASSERT_TRUE(stage("three")->publish_in_place());
  }
  EXPECT_EQ(*read_file(parent() / "6.1" / "file"), "three");
  EXPECT_EQ(entries(), std::set<std::string>{"6.1"});
}

TEST_F(StagedFolderTest, ClearsWhatDeadProcessesLeftAndNothingElse) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  const std::string dead = ".6.12." + std::to_string(child) + ".tmp";
  const std::string alive = ".6.12." + std::to_string(::getppid()) + ".tmp";
  for (const std::string &name : {dead, alive, std::string(".other"), std::string("7.3")}) {
    fs::create_directories(parent() / name / "below");
  }
  { const auto staged = stage("one"); }
  EXPECT_EQ(entries(), (std::set<std::string>{alive, ".other", "7.3"}));
}

TEST_F(StagedFolderTest, RemovesAWholeFolder) {
  ASSERT_TRUE(stage("one")->publish());
  EXPECT_TRUE(remove_folder(parent(), "6.1"));
  EXPECT_TRUE(entries().empty());
  EXPECT_FALSE(remove_folder(parent(), "6.1"));
}

}  // namespace
}  // namespace sklab
