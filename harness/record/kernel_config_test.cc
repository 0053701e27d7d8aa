// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/kernel_config.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(KernelOptions, AreAllThatIsConfiguredAndNothingOfTheBuild) {
  EXPECT_EQ(kernel_options("#\n# Linux/x86 6.18.44 Kernel Configuration\n#\n"
                           "CONFIG_CC_VERSION_TEXT=\"gcc (Debian 14.2.0) 14.2.0\"\n"
                           "CONFIG_LOCALVERSION=\"-pr17\"\nCONFIG_BUILD_SALT=\"6.18.44\"\n"
                           "CONFIG_BPF_JIT=y\n# CONFIG_KASAN is not set\n# General setup\n"
                           "CONFIG_HZ=250\n"),
            "CONFIG_BPF_JIT=y\n# CONFIG_KASAN is not set\nCONFIG_HZ=250\n");
  EXPECT_EQ(kernel_options(""), "");
}

}  // namespace
}  // namespace sklab
