// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/progress.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kEraseLine = "\r\x1b[K";

// A stream whose text can be taken, and a clock that can be set.
class ProgressTest : public testing::Test {
 protected:
  ProgressTest() : stream_(::open_memstream(&buffer_, &size_)) {}
  ~ProgressTest() override {
    std::fclose(stream_);
    std::free(buffer_);
  }

  std::unique_ptr<Progress> start(std::optional<size_t> columns, double total_s = 100) {
    return std::make_unique<Progress>(stream_, "bench", total_s,
                                      ProgressDisplay{columns, [this] { return now_s_; }});
  }

  // What was written since the last call, and reached the stream.
  std::string take() {
    std::string text(buffer_ + taken_, size_ - taken_);
    taken_ = size_;
    return text;
  }

  // Updates every 10 ms of `seconds`; how many of these wrote something.
  int writes_during(Progress &progress, double seconds) {
    int writes = 0;
    for (int i = 0; i < static_cast<int>(seconds * 100); ++i) {
      now_s_ += 0.01;
      progress.update(1, "x");
      writes += static_cast<int>(!take().empty());
    }
    return writes;
  }

  char *buffer_ = nullptr;
  size_t size_ = 0;
  size_t taken_ = 0;
  std::FILE *stream_;
  double now_s_ = 1000;
};

TEST_F(ProgressTest, LineOnATerminal) {
  auto progress = start(80);
  now_s_ += 1;
  progress->update(42.8, "udp/plain");
  EXPECT_EQ(take(),
            std::string(kEraseLine) + "bench [########------------]  42 % 58 s left  udp/plain");
  progress->finish();
  EXPECT_EQ(take(), kEraseLine);
}

TEST_F(ProgressTest, LineElsewhere) {
  auto progress = start(std::nullopt);
  now_s_ += 1;
  progress->update(42.9, "udp/plain");
  EXPECT_EQ(take(), "progress: bench 42 % udp/plain\n");
  progress->finish();
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(ProgressTest, ShortRunsShowNothing) {
  for (const auto columns : {std::optional<size_t>(80), std::optional<size_t>()}) {
    auto progress = start(columns);
    EXPECT_EQ(writes_during(*progress, 0.48), 0);
    progress.reset();
    EXPECT_THAT(take(), IsEmpty());
  }
}

TEST_F(ProgressTest, TerminalIsRewrittenTenTimesASecondAtMost) {
  auto progress = start(80);
  writes_during(*progress, 0.6);
  const int writes = writes_during(*progress, 10);
  EXPECT_LE(writes, 100);
  EXPECT_GE(writes, 90);
}

TEST_F(ProgressTest, ElsewhereThereIsALineEveryFiveSeconds) {
  auto progress = start(std::nullopt);
  EXPECT_EQ(writes_during(*progress, 5.3), 1);
  EXPECT_EQ(writes_during(*progress, 5), 1);
  EXPECT_EQ(writes_during(*progress, 50), 10);
}

TEST_F(ProgressTest, LineNeverReachesTheLastColumn) {
  for (const size_t columns : {1U, 2U, 10U, 40U, 80U, 500U}) {
    const auto progress = start(columns);
    take();  // what the one before erased
    now_s_ += 1;
    progress->update(50, std::string(200, 'w'));
    EXPECT_LT(take().size() - kEraseLine.size(), columns);
  }
}

TEST_F(ProgressTest, SharesOutsideTheBarAreClamped) {
  struct Case {
    double done_s, total_s;
    const char *expected;
  };
  const Case cases[] = {{-5, 100, "[--------------------]   0 %"},
                        {0, 100, "[--------------------]   0 %"},
                        {99.99, 100, "[###################-]  99 %"},
                        {100, 100, "[####################] 100 % 0 s"},
                        {130, 100, "[####################] 100 % 0 s"},
                        {5, 0, "[--------------------]   0 % 0 s"}};
  for (const Case &c : cases) {
    auto progress = start(80, c.total_s);
    now_s_ += 1;
    progress->update(c.done_s, "x");
    EXPECT_THAT(take(), HasSubstr(c.expected));
  }
}

TEST_F(ProgressTest, DestructorClearsTheLineOnce) {
  auto progress = start(80);
  writes_during(*progress, 1);
  progress.reset();
  EXPECT_EQ(take(), kEraseLine);
  progress = start(80);
  writes_during(*progress, 1);
  progress->finish();
  progress->finish();
  progress.reset();
  EXPECT_EQ(take(), kEraseLine);
}

TEST_F(ProgressTest, NothingAfterFinish) {
  auto progress = start(80);
  progress->finish();
  EXPECT_EQ(writes_during(*progress, 10), 0);
}

TEST(ProgressDisplay, FileIsNotATerminal) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::tmpfile(), std::fclose);
  ASSERT_NE(file, nullptr);
  const ProgressDisplay display = ProgressDisplay::of(file.get());
  EXPECT_FALSE(display.columns.has_value());
  const double start_s = display.now_s();
  EXPECT_GE(display.now_s(), start_s);
}

TEST(ProgressDisplay, PseudoTerminalIsOne) {
  const int fd = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (fd < 0) GTEST_SKIP() << "no pseudo-terminals here";
  const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(::fdopen(fd, "r+"), std::fclose);
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(ProgressDisplay::of(file.get()).columns, 80U);  // a new one has no size yet
}

}  // namespace
}  // namespace sklab
