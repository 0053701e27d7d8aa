// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::HasSubstr;

TEST(Pattern, IsFoundAnywhereUnlessAnchored) {
  const auto anywhere = Pattern::compile("--filter", "pass");
  ASSERT_TRUE(anywhere);
  EXPECT_TRUE(anywhere->is_found_in("udp4/pass"));
  EXPECT_FALSE(anywhere->is_found_in("udp4/drop"));
  const auto anchored = Pattern::compile("--filter", "^udp[46]/(key_off|pass)$");
  ASSERT_TRUE(anchored);
  EXPECT_TRUE(anchored->is_found_in("udp6/pass"));
  EXPECT_FALSE(anchored->is_found_in("udp6/passed"));
  EXPECT_TRUE(Pattern::compile("--filter", "")->is_found_in(""));
}

TEST(Pattern, SaysWhatIsWrong) {
  const auto wrong = Pattern::compile("--filter", "udp(4");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(wrong.error().message(), HasSubstr("--filter 'udp(4'; missing )"));
}

// Engines that try one way after the other take years for these, or all of the stack.
TEST(Pattern, NoExpressionTakesForever) {
  const auto repeats = Pattern::compile("--filter", "(a*)*(a*)*(a*)*(a*)*b");
  ASSERT_TRUE(repeats);
  EXPECT_FALSE(repeats->is_found_in(std::string(10000, 'a')));
  EXPECT_FALSE(Pattern::compile("--filter", std::string(100000, '(')));
  EXPECT_FALSE(Pattern::compile("--filter", "((a{1000}){1000}){1000}"));
}

}  // namespace
}  // namespace sklab
