// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/case_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CaseRecord record_of(const std::function<Result<>(Case &)> &body) {
  CaseLog log;
  log.run("name", body);
  return log.take().front();
}

TEST(CaseLog, RightOutcomesPass) {
  const CaseRecord record = record_of([](Case &one) -> Result<> {
    one.check(true, [] { return "not called"; });
    one.add_right(9);
    return Ok{};
  });
  EXPECT_EQ(record, (CaseRecord{"name", CaseStatus::kPass, "", 10, 0, {}}));
}

TEST(CaseLog, TheFirstMismatchesAreDescribedAllAreCounted) {
  const CaseRecord record = record_of([](Case &one) -> Result<> {
    for (int i = 0; i < 5; ++i) {
      one.check(i == 0, [&] { return Mismatch("wrong " + std::to_string(i), "scenario"); });
    }
    return Ok{};
  });
  EXPECT_EQ(record.status, CaseStatus::kFail);
  EXPECT_EQ(record.reason, "wrong 1\nwrong 2\nwrong 3");
  EXPECT_EQ(record.outcomes, 5U);
  EXPECT_EQ(record.mismatches, 4U);
  EXPECT_THAT(record.scenarios, ElementsAre("scenario", "scenario", "scenario"));
}

TEST(CaseLog, KeepsTheBeginningOfEachVerifierMessageOnce) {
  const std::string endless(10000, 'x');
  const CaseRecord record = record_of([&](Case &one) -> Result<> {
    for (const std::string &message : {std::string("R0"), std::string(), std::string("R1"),
                                       std::string("R0"), endless, endless + "y"}) {
      one.keep_verifier_message(message);
    }
    one.add_right(1);
    return Ok{};
  });
  EXPECT_EQ(record.status, CaseStatus::kPass);
  EXPECT_EQ(record.reason, "");
  EXPECT_THAT(record.verifier_messages, ElementsAre("R0", "R1", endless.substr(0, 400)));
}

TEST(CaseLog, NothingCheckedIsAFailure) {
  const CaseRecord record = record_of([](Case &) -> Result<> { return Ok{}; });
  EXPECT_EQ(record.status, CaseStatus::kFail);
  EXPECT_EQ(record.reason, "nothing was checked");
}

TEST(CaseLog, WhatCouldNotRunFailsUnlessTheKernelLacksIt) {
  const auto after_one_check = [](Result<> result) {
    return record_of([&](Case &one) -> Result<> {
      one.check(true, [] { return ""; });
      return std::move(result);
    });
  };
  const CaseRecord failed = after_one_check(fail("open", "socket"));
  EXPECT_EQ(failed.status, CaseStatus::kFail);
  EXPECT_THAT(failed.reason, HasSubstr("cannot open socket"));
  const CaseRecord skipped =
      after_one_check(fail_as(ErrorKind::kUnavailable, "use", "UDP-Lite", 0, "not in this kernel"));
  EXPECT_EQ(skipped.status, CaseStatus::kSkip);
  EXPECT_THAT(skipped.reason, HasSubstr("not in this kernel"));
}

TEST(CaseLog, AMismatchBeforeASkipStaysAFailure) {
  const CaseRecord record = record_of([](Case &one) -> Result<> {
    one.check(false, [] { return "wrong"; });
    one.skip("later");
    return Ok{};
  });
  EXPECT_EQ(record.status, CaseStatus::kFail);
}

TEST(CaseLog, ShowsEachCaseThatEnded) {
  std::vector<std::string> ended;
  CaseLog log([&](const CaseRecord &record) { ended.push_back(record.name); });
  for (const char *name : {"a", "b"}) {
    log.run(name, [](Case &one) -> Result<> {
      one.add_right(1);
      return Ok{};
    });
  }
  EXPECT_THAT(ended, ElementsAre("a", "b"));
}

TEST(CaseLog, RunsNothingAfterAStop) {
  CaseLog log([&](const CaseRecord &) { log.stop(); });
  for (const char *name : {"a", "b"}) {
    log.run(name, [](Case &one) -> Result<> {
      one.add_right(1);
      return Ok{};
    });
  }
  EXPECT_EQ(log.take().size(), 1U);
}

}  // namespace
}  // namespace sklab
