// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/kernel_trouble.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(KernelTrouble, IsTheFirstLineOfIt) {
  EXPECT_EQ(find_kernel_trouble(""), "");
  EXPECT_EQ(find_kernel_trouble("server: renamed\nclient: link becomes ready\n"), "");
  EXPECT_EQ(find_kernel_trouble("a\nWARNING: CPU: 1 PID: 2 at net/core/x.c\nBUG: more\n"),
            "WARNING: CPU: 1 PID: 2 at net/core/x.c");
  EXPECT_EQ(find_kernel_trouble("BUG: KASAN: slab-use-after-free in f"),
            "BUG: KASAN: slab-use-after-free in f");
}

}  // namespace
}  // namespace sklab
