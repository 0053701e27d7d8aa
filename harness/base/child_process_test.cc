// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/child_process.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace sklab {
namespace {

constexpr double kLimitS = 20;

ChildCommand shell(const std::string &script) { return {{"/bin/sh", "-c", script}, {}, -1}; }

int wait_for_end(ChildProcess &child) {
  for (int i = 0; i < 1000; ++i) {
    if (const auto code = child.exit_code()) return *code;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return -1;
}

bool is_running(pid_t pid) { return ::kill(pid, 0) == 0; }

TEST(OutputOf, HasWhatWentToBothStreams) {
  EXPECT_EQ(*output_of(shell("echo a; echo b >&2"), kLimitS), "a\nb\n");
  const std::string much = *output_of(shell("seq 100000"), kLimitS);
  EXPECT_TRUE(much.ends_with("\n100000\n"));
}

TEST(OutputOf, FailuresAreErrors) {
  EXPECT_NE(output_of(shell("echo no; exit 3"), kLimitS).error().message().find("exit code 3: no"),
            std::string::npos);
  EXPECT_FALSE(output_of({{"/no/such/program"}, {}, -1}, kLimitS));
  EXPECT_FALSE(output_of(shell("sleep 30"), 0.05));
}

TEST(ChildProcess, GetsTheEnvironmentWithChanges) {
  ::setenv("SKLAB_TEST_KEPT", "kept", 1);
  ::setenv("SKLAB_TEST_CHANGED", "before", 1);
  ChildCommand command = shell("echo $SKLAB_TEST_KEPT $SKLAB_TEST_CHANGED");
  command.environment = {{"SKLAB_TEST_CHANGED", "after"}};
  EXPECT_EQ(*output_of(command, kLimitS), "kept after\n");
}

TEST(ChildProcess, ShowsHowItEndedAsShellsDo) {
  auto exits = ChildProcess::start(shell("exit 7"));
  ASSERT_TRUE(exits);
  EXPECT_EQ(wait_for_end(*exits), 7);
  auto killed = ChildProcess::start(shell("kill -SEGV $$"));
  ASSERT_TRUE(killed);
  EXPECT_EQ(wait_for_end(*killed), 128 + SIGSEGV);
  auto asked = ChildProcess::start(shell("sleep 30"));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->exit_code(), std::nullopt);
  asked->signal(SIGTERM);
  EXPECT_EQ(wait_for_end(*asked), 128 + SIGTERM);
}

TEST(ChildProcess, TakesItsGroupWithIt) {
  pid_t grandchild = 0;
  {
    auto child = ChildProcess::start(shell("sleep 30 & echo $!; wait"));
    ASSERT_TRUE(child);
    std::string text;
    for (int i = 0; i < 1000 && text.find('\n') == std::string::npos; ++i) {
      text += child->read_output();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    grandchild = std::stoi(text);
    EXPECT_TRUE(is_running(grandchild));
  }
  // Somebody else waits for it, after a while.
  for (int i = 0; i < 1000 && is_running(grandchild); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(is_running(grandchild));
}

TEST(ChildProcess, DiesWithItsParent) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    auto child = ChildProcess::start(shell("echo $$; sleep 30"));
    std::string text;
    while (text.find('\n') == std::string::npos) text += child->read_output();
    if (::write(ends[1], text.data(), text.size()) < 0) ::_exit(1);
    ::raise(SIGKILL);
  }
  ::waitpid(parent, nullptr, 0);
  char text[32] = {};
  ASSERT_GT(::read(ends[0], text, sizeof(text) - 1), 0);
  const pid_t child = std::stoi(text);
  for (int i = 0; i < 1000 && is_running(child); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(is_running(child));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace sklab
