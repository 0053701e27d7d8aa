// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/kernel_release.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(KernelRelease, HasTheFirstTwoNumbers) {
  EXPECT_EQ(KernelRelease::parse("6.12.118+deb13-cloud-amd64"), (KernelRelease{6, 12}));
  EXPECT_EQ(KernelRelease::parse("7.0.0-rc3"), (KernelRelease{7, 0}));
  EXPECT_EQ(KernelRelease::parse("next"), KernelRelease{});
  EXPECT_EQ(KernelRelease::parse("6"), KernelRelease{});
}

TEST(KernelRelease, IsOrderedByNumber) {
  constexpr KernelReleases kSome{{6, 9}, {7, 0}};
  EXPECT_FALSE(kSome.contain({6, 8}));
  EXPECT_TRUE(kSome.contain({6, 9}));
  EXPECT_TRUE(kSome.contain({6, 19}));
  EXPECT_FALSE(kSome.contain({7, 0}));
  EXPECT_TRUE((KernelReleases{{7, 3}}.contain({8, 0})));
  EXPECT_FALSE((KernelReleases{{7, 3}}.contain({})));
}

TEST(KernelRelease, OfTheRunningKernelIsOne) {
  EXPECT_GE(KernelRelease::running(), (KernelRelease{5, 9}));
}

}  // namespace
}  // namespace sklab
