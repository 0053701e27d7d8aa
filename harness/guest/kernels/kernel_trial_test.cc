// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::HasSubstr;

constexpr char kReady[] =
    R"({"ready": true, "reason": "", "features": [{"name": "veth pairs", "status": "yes"}]})";

KernelTrial trial(GuestEnd end, const std::string &doctor) {
  KernelTrial made;
  made.guest.end = end;
  made.guest.release = "6.1.0-test";
  made.doctor = doctor;
  return made;
}

TEST(KernelTrial, TakesAKernelThatSklabWorksIn) {
  EXPECT_TRUE(judge(trial(GuestEnd::kExited, kReady), "6.1"));
}

TEST(KernelTrial, RefusesOneThatDoesNotComeUp) {
  KernelTrial panic = trial(GuestEnd::kDied, "");
  panic.guest.release = "";
  for (const KernelTrial &dead :
       {panic, trial(GuestEnd::kDied, kReady), trial(GuestEnd::kHung, ""),
        trial(GuestEnd::kOutOfTime, kReady), trial(GuestEnd::kExited, "{\"ready\""),
        trial(GuestEnd::kExited, "")}) {
    const auto judged = judge(dead, "6.1");
    ASSERT_FALSE(judged);
    EXPECT_EQ(judged.error().kind, ErrorKind::kHarness);
    EXPECT_THAT(judged.error().message(), HasSubstr("6.1"));
  }
  panic.guest.trouble = "BUG: kernel NULL pointer dereference";
  EXPECT_THAT(judge(panic, "6.1").error().message(), HasSubstr("NULL pointer"));
}

TEST(KernelTrial, RefusesOneThatLacksSomething) {
  for (const char *doctor : {R"({"ready": false, "reason": "use sk_lookup hook; needs Linux 5.9"})",
                             R"({"ready": true, "features": [{"name": "veth pairs", "status": "no",
            "how_to_get": "use sk_lookup hook; needs Linux 5.9"}]})"}) {
    const auto judged = judge(trial(GuestEnd::kExited, doctor), "6.1");
    ASSERT_FALSE(judged);
    EXPECT_EQ(judged.error().kind, ErrorKind::kUnavailable);
    EXPECT_THAT(judged.error().message(), HasSubstr("needs Linux 5.9"));
  }
}

}  // namespace
}  // namespace sklab
