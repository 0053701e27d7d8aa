// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "harness/base/file.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

class RunFolderTest : public testing::Test {
 protected:
  RunFolderTest() {
    std::string name = (fs::temp_directory_path() / "sklab-runs-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  ~RunFolderTest() override { fs::remove_all(root_); }

  std::set<std::string> entries() const {
    std::set<std::string> names;
    for (const auto &entry : fs::directory_iterator(runs())) {
      names.insert(entry.path().filename().string());
    }
    return names;
  }
  fs::path runs() const { return root_ / "results" / "runs"; }

  fs::path root_;
};

TEST_F(RunFolderTest, AppearsCompleteWithTheLatestLink) {
  auto folder = RunFolder::create(runs(), "one");
  ASSERT_TRUE(folder) << folder.error().message();
  ASSERT_TRUE(folder->add("a.txt", "content"));
  EXPECT_FALSE(entries().contains("one"));
  const auto path = folder->publish();
  ASSERT_TRUE(path) << path.error().message();
  EXPECT_EQ(*path, runs() / "one");
  EXPECT_EQ(*read_file(runs() / "latest" / "a.txt"), "content");
  EXPECT_EQ(entries(), (std::set<std::string>{"one", "latest"}));
}

TEST_F(RunFolderTest, LatestFollowsTheLastRun) {
  for (const char *id : {"one", "two"}) {
    auto folder = RunFolder::create(runs(), id);
    ASSERT_TRUE(folder->publish());
    EXPECT_EQ(fs::read_symlink(runs() / "latest"), id);
  }
}

TEST_F(RunFolderTest, LeavesNothingWithoutPublishing) {
  {
    auto folder = RunFolder::create(runs(), "one");
    ASSERT_TRUE(folder->add("a.txt", "content"));
    const RunFolder moved = std::move(*folder);
    EXPECT_EQ(entries().size(), 1U);
  }
  EXPECT_TRUE(entries().empty());
}

TEST_F(RunFolderTest, ClearsWhatDeadProcessesLeftAndNothingElse) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  const std::string dead = ".x." + std::to_string(child) + ".tmp";
  const std::string alive = ".x." + std::to_string(::getppid()) + ".tmp";
  for (const std::string &name : {dead, alive, std::string(".other"), std::string("20260101")}) {
    fs::create_directories(runs() / name);
  }
  { const auto folder = RunFolder::create(runs(), "one"); }
  EXPECT_EQ(entries(), (std::set<std::string>{alive, ".other", "20260101"}));
}

TEST_F(RunFolderTest, SaysThatAFolderCannotBeMade) {
  const auto folder = RunFolder::create("/proc/no/such", "one");
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().message(), testing::HasSubstr("/proc/no/such"));
  EXPECT_THAT(folder.error().message(), testing::HasSubstr("--output"));
}

TEST(NewRunId, SortsByTimeAndDiffers) {
  EXPECT_THAT(new_run_id(0), testing::StartsWith("19700101T000000Z-"));
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) ids.insert(new_run_id(0));
  EXPECT_GT(ids.size(), 15U);
}

}  // namespace
}  // namespace sklab
