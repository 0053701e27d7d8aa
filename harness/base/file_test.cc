// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <set>

namespace sklab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// While it lives, the calling thread's file accesses are those of nobody, without root's override.
class AsNobody {
 public:
  AsNobody() : previous_(static_cast<uid_t>(::setfsuid(65534))) {}
  AsNobody(const AsNobody &) = delete;
  AsNobody &operator=(const AsNobody &) = delete;
  ~AsNobody() { ::setfsuid(previous_); }

 private:
  uid_t previous_;
};

// While it lives, no file can grow beyond `bytes`: to write(2), as good as a full file system.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &previous_);
    const rlimit limited{bytes, previous_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limited);
  }
  FileSizeLimit(const FileSizeLimit &) = delete;
  FileSizeLimit &operator=(const FileSizeLimit &) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &previous_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit previous_{};
  sighandler_t handler_;
};

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "sklab_file_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    file_ = directory_ / "result.json";
  }
  void TearDown() override {
    fs::permissions(directory_, fs::perms::owner_all);
    fs::remove_all(directory_);
  }

  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto &entry : fs::directory_iterator(directory_)) {
      found.insert(entry.path().filename().string());
    }
    return found;
  }

  // A failed write must leave everything as it was.
  void expect_untouched() const {
    EXPECT_EQ(read_file(file_).value_or("unreadable"), "old");
    EXPECT_THAT(names(), ElementsAre("result.json"));
  }

  fs::path directory_;
  fs::path file_;
};

TEST_F(FileTest, WhatIsWrittenIsRead) {
  std::string everything;
  for (int byte = 0; byte < 256; ++byte) everything += static_cast<char>(byte);
  const std::string contents[] = {
      "", "x", "line\n", everything, std::string(65536, 'b'), std::string(200'001, 'c'), ""};
  for (const std::string &content : contents) {
    ASSERT_TRUE(write_file_atomically(file_, content).has_value());
    EXPECT_EQ(read_file(file_).value_or("unreadable"), content);
    EXPECT_THAT(names(), ElementsAre("result.json"));
  }
}

TEST_F(FileTest, WhatIsAppendedStandsBehindWhatWasThere) {
  ASSERT_TRUE(append_to_file(file_, "one\n").has_value());
  ASSERT_TRUE(append_to_file(file_, "two\n").has_value());
  EXPECT_EQ(read_file(file_).value_or("unreadable"), "one\ntwo\n");
  const Result<> appended = append_to_file(directory_ / "missing/x", "new");
  ASSERT_FALSE(appended.has_value());
  EXPECT_EQ(appended.error().error_number, ENOENT);
}

TEST_F(FileTest, OthersMayReadWhateverTheUmask) {
  const mode_t previous = ::umask(0077);
  const Result<> written = write_file_atomically(file_, "x");
  ::umask(previous);
  ASSERT_TRUE(written.has_value());
  EXPECT_EQ(fs::status(file_).permissions(), static_cast<fs::perms>(0644));
}

TEST_F(FileTest, WritesToARelativePath) {
  const fs::path previous = fs::current_path();
  fs::current_path(directory_);
  const Result<> written = write_file_atomically("result.json", "x");
  fs::current_path(previous);
  EXPECT_TRUE(written.has_value());
  EXPECT_EQ(read_file(file_).value_or(""), "x");
}

TEST_F(FileTest, ReadOnlyDirectoryIsAnErrorThatNamesTheFile) {
  ASSERT_TRUE(write_file_atomically(file_, "old").has_value());
  fs::permissions(directory_, static_cast<fs::perms>(0555));
  Result<> written;
  {
    const AsNobody nobody;
    written = write_file_atomically(file_, "new");
  }
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().error_number, EACCES);
  EXPECT_THAT(written.error().message(), HasSubstr(file_.string()));
  expect_untouched();
}

TEST_F(FileTest, NoRoomLeavesTheOldFile) {
  ASSERT_TRUE(write_file_atomically(file_, "old").has_value());
  Result<> written;
  {
    const FileSizeLimit limit(8192);  // so that a first, partial write works
    written = write_file_atomically(file_, std::string(20'000, 'n'));
  }
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().error_number, EFBIG);
  EXPECT_THAT(written.error().message(), HasSubstr(file_.string()));
  expect_untouched();
}

TEST_F(FileTest, DirectoryInTheWayIsAnError) {
  fs::create_directory(file_);
  const Result<> written = write_file_atomically(file_, "new");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().error_number, EISDIR);
  EXPECT_THAT(names(), ElementsAre("result.json"));
}

TEST_F(FileTest, MissingDirectoryIsAnError) {
  const Result<> written = write_file_atomically(directory_ / "missing/x", "new");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().error_number, ENOENT);
}

TEST_F(FileTest, LeftoversOfAnInterruptedWriteDoNotMatter) {
  const fs::path leftover = file_.string() + ".Abc123";
  ASSERT_TRUE(write_file_atomically(leftover, "half").has_value());
  ASSERT_TRUE(write_file_atomically(file_, "new").has_value());
  EXPECT_EQ(read_file(file_).value_or("unreadable"), "new");
  EXPECT_EQ(read_file(leftover).value_or("unreadable"), "half") << "may be another run's";
}

TEST_F(FileTest, ReaderNeverMeetsHalfAFileEvenIfTheWriterIsKilled) {
  const std::string versions[] = {std::string(300'000, 'a'), std::string(100'000, 'b')};
  const auto is_whole = [&](const Result<std::string> &content) {
    return content && (*content == versions[0] || *content == versions[1]);
  };
  ASSERT_TRUE(write_file_atomically(file_, versions[0]).has_value());
  for (int kill = 0; kill < 10; ++kill) {
    const pid_t writer = ::fork();
    ASSERT_GE(writer, 0);
    if (writer == 0) {
      for (unsigned i = 1;; ++i) {
        if (!write_file_atomically(file_, versions[i % 2])) std::_Exit(1);
      }
    }
    for (int i = 0; i < 20 + 7 * kill; ++i) EXPECT_TRUE(is_whole(read_file(file_)));
    ::kill(writer, SIGKILL);
    int status = 0;
    ::waitpid(writer, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the writer failed";
    EXPECT_TRUE(is_whole(read_file(file_)));
  }
}

TEST_F(FileTest, ReadErrorsNameTheFile) {
  const std::pair<fs::path, int> cases[] = {{file_, ENOENT}, {directory_, EISDIR}};
  for (const auto &[path, error_number] : cases) {
    const auto content = read_file(path);
    ASSERT_FALSE(content.has_value());
    EXPECT_EQ(content.error().error_number, error_number);
    EXPECT_EQ(content.error().object, path.string());
  }
}

TEST_F(FileTest, ReadsFilesThatClaimToBeEmpty) {
  EXPECT_EQ(fs::file_size("/proc/self/status"), 0U);
  EXPECT_THAT(read_file("/proc/self/status").value_or(""), HasSubstr("Pid:"));
}

TEST_F(FileTest, FactIsWithoutTrailingSpace) {
  const std::pair<const char *, const char *> cases[] = {
      {"", ""}, {"\n", ""}, {" \t\r\n", ""}, {"x", "x"}, {"x\n", "x"}, {"  a b \r\n\n", "  a b"}};
  for (const auto &[content, fact] : cases) {
    ASSERT_TRUE(write_file_atomically(file_, content).has_value());
    EXPECT_EQ(read_fact(file_, "fallback"), fact);
  }
}

TEST_F(FileTest, FactThatCannotBeReadIsTheFallback) {
  EXPECT_EQ(read_fact(file_, "unknown"), "unknown");
  EXPECT_EQ(read_fact(directory_, "unknown"), "unknown");
}

}  // namespace
}  // namespace sklab
