// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// That a wrong answer never becomes a number: each test breaks one thing in a real netns.
#include "bench/batch_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "bench/check.h"
#include "bench/group_session.h"
#include "bench/suite.h"

namespace sklab {
namespace {

using testing::HasSubstr;

class BatchRunnerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto instruments = make_instruments(std::nullopt);
    ASSERT_TRUE(instruments) << instruments.error().message();
    instruments_.emplace(std::move(*instruments));
  }

  void open(const std::string &filter) {
    const auto groups = select_groups({filter, false});
    ASSERT_TRUE(groups) << groups.error().message();
    auto session = GroupSession::open(groups->front(), *instruments_, 1);
    ASSERT_TRUE(session) << session.error().message();
    session_ = std::move(*session);
  }

  Lane &lane(const std::string &name) {
    return *std::find_if(session_->lanes.begin(), session_->lanes.end(),
                         [&](const Lane &lane) { return lane.spec.name == name; });
  }

  Result<> check(const std::string &name) {
    return check_lane(lane(name), session_->runner(), session_->netns());
  }

  std::optional<Instruments> instruments_;
  std::unique_ptr<GroupSession> session_;
};

TEST_F(BatchRunnerTest, EveryRowOfEveryFamilyPassesItsCheck) {
  for (const FamilyCase &family : family_cases()) {
    open("^" + family.name + "/");
    for (const Lane &lane : session_->lanes) {
      if (lane.is_empty_loop) continue;
      const auto checked = check(lane.spec.name);
      EXPECT_TRUE(checked) << lane.spec.name << ": " << checked.error().message();
      EXPECT_GE(lane.verified_lookups, 256U);
    }
    session_.reset();
  }
}

TEST_F(BatchRunnerTest, AWrongSocketIsAMismatch) {
  open("^udp4/assign_sockmap$");
  Lane &row = lane("udp4/assign_sockmap");
  row.expectation.targets.front().mark_low = row.expectation.targets.front().mark_high =
      SocketSet::mark_of(Population::kServer);
  ASSERT_TRUE(instruments_->probe.set_targets(row.expectation.targets, row.first_target));
  const auto checked = check("udp4/assign_sockmap");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kMismatch);
  EXPECT_THAT(checked.error().message(), HasSubstr("socket steered where socket server is right"));
}

TEST_F(BatchRunnerTest, AWrongRunCountIsAMismatch) {
  open("^udp4/pass$");
  lane("udp4/pass").expectation.program_runs.front() = 2;
  const auto checked = check("udp4/pass");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind, ErrorKind::kMismatch);
}

TEST_F(BatchRunnerTest, AnotherProgramAttachedHereIsAMismatch) {
  open("^udp4/pass$");
  const auto &intruder = lane("udp4/pass").programs.front();
  const auto link = NetnsLink::attach(intruder.fd(), session_->netns().netns);
  ASSERT_TRUE(link);
  const auto elapsed = session_->runner().run_timed(lane("udp4/pass"), 100);
  ASSERT_FALSE(elapsed);
}

TEST_F(BatchRunnerTest, LinksOfOthersMakeThePlainPathUnmeasurable) {
  open("^udp4/pass$");
  const auto foreign = Netns::create();
  ASSERT_TRUE(foreign);
  const auto link = NetnsLink::attach(lane("udp4/pass").programs.front().fd(), *foreign);
  ASSERT_TRUE(link);
  const auto again = KeySwitch::create();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(again.error().message(), HasSubstr("bpftool link list"));
}

TEST_F(BatchRunnerTest, RunsOnAllCpusAtOnce) {
  open("^udp4_cpus/(key_off|member)");
  if (instruments_->cpus.size() < 2) GTEST_SKIP() << "one CPU";
  const auto elapsed = session_->runner().run_timed(lane("udp4_cpus/key_off_same"), 1000);
  ASSERT_TRUE(elapsed) << elapsed.error().message();
  EXPECT_GT(*elapsed, 0);
}

}  // namespace
}  // namespace sklab
