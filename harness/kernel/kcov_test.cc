// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/kcov.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace sklab {
namespace {

// Few kernels have it: there the answer has to be that, and not a failure.
TEST(Kcov, RecordsASystemCallOrSaysThatItCannot) {
  auto kcov = Kcov::open();
  if (!kcov) {
    EXPECT_EQ(kcov.error().kind, ErrorKind::kUnavailable) << kcov.error().message();
    EXPECT_NE(kcov.error().message().find("CONFIG_KCOV"), std::string::npos);
    return;
  }
  for (int i = 0; i < 2; ++i) {
    const auto started = kcov->start();
    ASSERT_TRUE(started) << started.error().message();
    EXPECT_GT(::getppid(), -1);
    EXPECT_GT(kcov->stop().size(), 0U);
  }
  const auto started = kcov->start_comparisons();
  if (!started) {
    EXPECT_EQ(started.error().kind, ErrorKind::kUnavailable) << started.error().message();
    return;
  }
  EXPECT_GT(::getppid(), -1);
  EXPECT_LT(kcov->stop_comparisons().size(), 16384U);
}

}  // namespace
}  // namespace sklab
