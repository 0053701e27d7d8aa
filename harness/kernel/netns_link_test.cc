// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/netns_link.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "harness/kernel/program.h"
#include "harness/kernel/skeleton.h"
#include "steer_bpf.skel.h"

namespace sklab {
namespace {

class NetnsLinkTest : public testing::Test {
 protected:
  void SetUp() override {
    auto steer = Skeleton<steer_bpf>::open_and_load("steer");
    ASSERT_TRUE(steer) << steer.error().message();
    steer_.emplace(std::move(*steer));
    auto netns = Netns::create();
    ASSERT_TRUE(netns);
    netns_.emplace(std::move(*netns));
  }

  Program copy() { return std::move(*Program::copy_of((*steer_)->progs.pass)); }
  NetnsLink attach(const Program &program) {
    return std::move(*NetnsLink::attach(program.fd(), *netns_));
  }
  std::vector<uint32_t> attached() { return *attached_program_ids(*netns_); }
  static uint32_t id(const Program &program) { return *program_id(program.fd()); }

  std::optional<Skeleton<steer_bpf>> steer_;
  std::optional<Netns> netns_;
};

TEST_F(NetnsLinkTest, ProgramsStandInTheOrderTheyWereAttached) {
  const Program a = copy();
  const Program b = copy();
  EXPECT_NE(id(a), id(b));
  const NetnsLink first = attach(b);
  {
    const NetnsLink second = attach(a);
    const NetnsLink third = attach(b);
    EXPECT_THAT(attached(), testing::ElementsAre(id(b), id(a), id(b)));
  }
  EXPECT_THAT(attached(), testing::ElementsAre(id(b)));
}

TEST_F(NetnsLinkTest, TheSixtyFifthIsTooMany) {
  const Program program = copy();
  std::vector<NetnsLink> links;
  links.reserve(64);
  for (int i = 0; i < 64; ++i) links.push_back(attach(program));
  const auto refused = NetnsLink::attach(program.fd(), *netns_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error_number, E2BIG);
}

TEST_F(NetnsLinkTest, UpdateKeepsThePlaceAndDetachGivesItUp) {
  const Program a = copy();
  const Program b = copy();
  NetnsLink first = attach(a);
  const NetnsLink second = attach(a);
  ASSERT_TRUE(first.update(b.fd()));
  EXPECT_THAT(attached(), testing::ElementsAre(id(b), id(a)));
  ASSERT_TRUE(first.detach());
  EXPECT_THAT(attached(), testing::ElementsAre(id(a)));
  const auto late = first.update(a.fd());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().error_number, ENOLINK);
}

TEST_F(NetnsLinkTest, CountSeesTheLinksOfEveryNetns) {
  EXPECT_EQ(*count_sk_lookup_links(), 0U);
  const Program program = copy();
  const auto other = Netns::create();
  ASSERT_TRUE(other);
  {
    const NetnsLink here = attach(program);
    const auto there = NetnsLink::attach(program.fd(), *other);
    EXPECT_EQ(*count_sk_lookup_links(), 2U);
  }
  EXPECT_EQ(*count_sk_lookup_links(), 0U);
}

TEST_F(NetnsLinkTest, ACopyNeedsItsMarkerExactlyOnce) {
  const auto copy = Program::copy_of((*steer_)->progs.pass, ImmediatePatch{0x7eadbeef, 1});
  ASSERT_FALSE(copy);
  EXPECT_THAT(copy.error().message(), testing::HasSubstr("marker"));
}

// Opened before main() isolates the process.
const UniqueFd starting_netns(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));

// Without a program, so that the machine's own netns is safe even if nothing refused.
TEST_F(NetnsLinkTest, RefusesTheNetnsTheProcessWasStartedIn) {
  ASSERT_GE(::dup3(starting_netns.get(), netns_->fd(), O_CLOEXEC), 0);
  ASSERT_TRUE(*is_starting_netns(netns_->fd()));
  const auto refused = NetnsLink::attach(-1, *netns_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error_number, EPERM) << refused.error().message();
}

TEST_F(NetnsLinkTest, ADetachedLinkStillCounts) {
  const Program program = copy();
  NetnsLink link = attach(program);
  ASSERT_TRUE(link.detach());
  EXPECT_EQ(*count_sk_lookup_links(), 1U);
}

}  // namespace
}  // namespace sklab
