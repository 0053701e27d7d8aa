// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/virtual_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sklab {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

VirtualMachine example_machine() {
  VirtualMachine machine;
  machine.emulator = "/usr/bin/qemu";
  machine.kernel = "/a,b/bzImage";
  machine.initramfs = "/a,b/initramfs";
  machine.console = "/a,b/console";
  machine.channel = "/a,,b/channel";
  machine.first_process = "/usr/bin/sklab -- guest-init";
  return machine;
}

// What follows the option, of which there must be one.
std::string value_of(const VirtualMachine &machine, const std::string &option) {
  const auto arguments = emulator_arguments(machine);
  const auto found = std::find(arguments.begin(), arguments.end(), option);
  EXPECT_EQ(std::count(arguments.begin(), arguments.end(), option), 1) << option;
  return found == arguments.end() || found + 1 == arguments.end() ? "" : *(found + 1);
}

TEST(EmulatorArguments, OfADeterministicMachineLeaveNothingToTheHost) {
  VirtualMachine machine = example_machine();
  machine.seed = 42;
  machine.cpus = 8;
  EXPECT_EQ(emulator_arguments(machine).front(), "/usr/bin/qemu");
  EXPECT_EQ(value_of(machine, "-accel"), "tcg,thread=single");
  EXPECT_EQ(value_of(machine, "-icount"), "shift=0,sleep=off");
  EXPECT_EQ(value_of(machine, "-cpu"), "max,-rdrand,-rdseed");
  EXPECT_EQ(value_of(machine, "-rtc"), "base=2026-01-01T00:00:00,clock=vm");
  EXPECT_EQ(value_of(machine, "-smp"), "1");
  EXPECT_EQ(value_of(machine, "-seed"), "42");
  EXPECT_EQ(value_of(machine, "-m"), "1024M");
  const std::string kernel = value_of(machine, "-append");
  for (const char *argument :
       {"nokaslr", "norandmaps", "random.trust_cpu=off", "tsc=reliable", "tsc_early_khz=1000000",
        "preempt=none", "nolapic_timer", "sklab.seed=42"}) {
    EXPECT_THAT(" " + kernel + " ", HasSubstr(std::string(" ") + argument + " "));
  }
}

TEST(EmulatorArguments, AMachineThatIsLookedAtWaits) {
  VirtualMachine machine = example_machine();
  EXPECT_THAT(emulator_arguments(machine), Not(Contains("-S")));
  machine.gdb_port = 1234;
  EXPECT_EQ(value_of(machine, "-gdb"), "tcp:127.0.0.1:1234");
  EXPECT_THAT(emulator_arguments(machine), Contains("-S"));
}

TEST(EmulatorArguments, DifferByTheSeedAlone) {
  VirtualMachine machine = example_machine();
  const auto one = emulator_arguments(machine);
  EXPECT_EQ(one, emulator_arguments(machine));
  machine.seed = 18446744073709551615ULL;
  const auto other = emulator_arguments(machine);
  ASSERT_EQ(one.size(), other.size());
  for (size_t i = 0; i < one.size(); ++i) {
    if (one[i] == other[i]) continue;
    EXPECT_TRUE(one[i - 1] == "-seed" || one[i - 1] == "-append") << one[i];
    EXPECT_THAT(other[i], HasSubstr("18446744073709551615"));
  }
  EXPECT_NE(one, other);
}

TEST(EmulatorArguments, OfOtherMachinesHaveTheHostsClockAndProcessors) {
  VirtualMachine machine = example_machine();
  machine.cpus = 8;
  for (const Processor processor : {Processor::kEmulated, Processor::kKvm}) {
    machine.processor = processor;
    EXPECT_EQ(value_of(machine, "-smp"), "8");
    EXPECT_EQ(value_of(machine, "-accel"),
              processor == Processor::kKvm ? "kvm" : "tcg,thread=multi");
    for (const char *option : {"-icount", "-seed", "-rtc"}) {
      EXPECT_THAT(emulator_arguments(machine), Not(Contains(option)));
    }
    EXPECT_THAT(value_of(machine, "-append"), Not(HasSubstr("tsc")));
  }
}

TEST(EmulatorArguments, DoubleTheCommasOfPathsWithinOptionsOnly) {
  const VirtualMachine machine = example_machine();
  const auto arguments = emulator_arguments(machine);
  EXPECT_THAT(arguments, Contains("file,id=console,path=/a,,b/console"));
  EXPECT_THAT(arguments, Contains("file,id=channel,path=/a,,,,b/channel"));
  EXPECT_EQ(value_of(machine, "-kernel"), "/a,b/bzImage");
  EXPECT_EQ(value_of(machine, "-initrd"), "/a,b/initramfs");
}

TEST(EmulatorArguments, EndTheKernelsWithItsFirstProcess) {
  VirtualMachine machine = example_machine();
  machine.kernel_arguments = "quiet x=y";
  const std::string kernel = value_of(machine, "-append");
  EXPECT_TRUE(kernel.ends_with(" quiet x=y rdinit=/usr/bin/sklab -- guest-init")) << kernel;
}

TEST(EmulatorArguments, HaveThePluginOnlyWhenThereIsOne) {
  VirtualMachine machine;
  EXPECT_THAT(emulator_arguments(machine), Not(Contains("-plugin")));
  machine.profile_plugin = "/usr/lib/sklab/sklab_profile.so";
  machine.profile = "/tmp/a,b/profile";
  const auto arguments = emulator_arguments(machine);
  ASSERT_GE(arguments.size(), 2);
  EXPECT_EQ(arguments[arguments.size() - 2], "-plugin");
  EXPECT_EQ(arguments.back(), "file=/usr/lib/sklab/sklab_profile.so,out=/tmp/a,,b/profile");
}

}  // namespace
}  // namespace sklab
