// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/virtual_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(EmulatorArguments, HaveThePluginOnlyWhenThereIsOne) {
  VirtualMachine machine;
  EXPECT_THAT(emulator_arguments(machine), testing::Not(testing::Contains("-plugin")));
  machine.profile_plugin = "/usr/lib/sklab/sklab_profile.so";
  machine.profile = "/tmp/a,b/profile";
  const auto arguments = emulator_arguments(machine);
  ASSERT_GE(arguments.size(), 2);
  EXPECT_EQ(arguments[arguments.size() - 2], "-plugin");
  EXPECT_EQ(arguments.back(), "file=/usr/lib/sklab/sklab_profile.so,out=/tmp/a,,b/profile");
}

}  // namespace
}  // namespace sklab
