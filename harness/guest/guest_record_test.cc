// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "harness/base/file.h"
#include "harness/base/temporary_folder.h"

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::Not;

// What is written to TMPDIR goes to a folder of its own, and goes away with it.
class GuestFailure : public testing::Test {
 protected:
  void SetUp() override {
    auto folder = TemporaryFolder::create("sklab-guest-record");
    ASSERT_TRUE(folder) << folder.error().message();
    folder_.emplace(std::move(*folder));
    if (const char *previous = std::getenv("TMPDIR")) previous_ = previous;
    ::setenv("TMPDIR", folder_->path().c_str(), 1);
  }
  void TearDown() override {
    if (previous_) {
      ::setenv("TMPDIR", previous_->c_str(), 1);
    } else {
      ::unsetenv("TMPDIR");
    }
  }
  [[nodiscard]] std::string log() const {
    return read_file(folder_->path() / "sklab-guest-bzImage.log").value_or("none");
  }

  std::optional<TemporaryFolder> folder_;
  std::optional<std::string> previous_;
};

GuestRecord record_of(GuestEnd end, const std::string &release) {
  GuestRecord record;
  record.end = end;
  record.release = release;
  record.console = "[    0.0] Linux\nlast words\n";
  return record;
}

TEST_F(GuestFailure, SaysWhatHappenedAndWhoseFaultItIs) {
  struct Case {
    GuestEnd end;
    const char *release;
    ErrorKind kind;
    const char *text;
  };
  constexpr Case kCases[] = {
      {GuestEnd::kDied, "", ErrorKind::kHarness,
       "its kernel stopped before its first process ran;"},
      {GuestEnd::kDied, "6.12", ErrorKind::kMismatch, "its kernel stopped;"},
      {GuestEnd::kHung, "", ErrorKind::kHarness, "its kernel hung before its first process ran;"},
      {GuestEnd::kHung, "6.12", ErrorKind::kMismatch, "its kernel hung;"},
      {GuestEnd::kOutOfTime, "", ErrorKind::kHarness, "its time was up (--guest-time);"},
      {GuestEnd::kOutOfTime, "6.12", ErrorKind::kHarness, "its time was up (--guest-time);"},
      {GuestEnd::kInterrupted, "", ErrorKind::kHarness, "it was interrupted;"},
      {GuestEnd::kInterrupted, "6.12", ErrorKind::kHarness, "it was interrupted;"},
  };
  for (const Case &one : kCases) {
    const Error error = guest_failure("/boot/bzImage", record_of(one.end, one.release));
    EXPECT_EQ(error.kind, one.kind) << one.text << one.release;
    EXPECT_THAT(error.message(), HasSubstr(one.text));
    EXPECT_THAT(error.message(), HasSubstr("/boot/bzImage"));
  }
}

TEST_F(GuestFailure, HasTheKernelsOwnWords) {
  GuestRecord record = record_of(GuestEnd::kDied, "6.12");
  record.trouble = "Kernel panic - not syncing: made up";
  EXPECT_THAT(guest_failure("bzImage", record).message(),
              HasSubstr("its kernel stopped: Kernel panic - not syncing: made up;"));
}

TEST_F(GuestFailure, IsTheKernelsEvenIfTheCommandEndedWell) {
  GuestRecord record = record_of(GuestEnd::kExited, "6.12");
  record.trouble = "WARNING: made up";
  const Error error = guest_failure("bzImage", record);
  EXPECT_EQ(error.kind, ErrorKind::kMismatch);
  EXPECT_THAT(error.message(), HasSubstr("its kernel found a fault in itself: WARNING: made up;"));
}

TEST_F(GuestFailure, LeavesTheLogWhereItSays) {
  EXPECT_EQ(log(), "none");
  const Error error = guest_failure("/boot/bzImage", record_of(GuestEnd::kDied, "6.12"));
  EXPECT_EQ(log(), "[    0.0] Linux\nlast words\n");
  EXPECT_THAT(error.message(), HasSubstr((folder_->path() / "sklab-guest-bzImage.log").string()));
}

TEST_F(GuestFailure, IsSaidEvenIfTheLogCannotBeKept) {
  std::filesystem::create_directory(folder_->path() / "sklab-guest-bzImage.log");
  const std::string message =
      guest_failure("bzImage", record_of(GuestEnd::kHung, "6.12")).message();
  EXPECT_THAT(message, HasSubstr("its kernel hung; its log is lost: "));
  EXPECT_THAT(message, Not(HasSubstr("its log is /")));
}

}  // namespace
}  // namespace sklab
