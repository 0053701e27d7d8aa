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

TEST(KernelTrouble, IsNoneInWhatKernelsSayWhenTheyStart) {
  for (const char *line :
       {"rcu: Preemptible hierarchical RCU implementation.",
        "rcu: \tRCU restricting CPUs from NR_CPUS=64 to nr_cpu_ids=1.",
        "Kernel command line: console=ttyS0 oops=panic panic=-1",
        "kasan: KernelAddressSanitizer initialized (generic)",
        "Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible via "
        "Spectre v2 BHB attacks!",
        "RETBleed: WARNING: Spectre v2 mitigation leaves CPU vulnerable to RETBleed attacks, data "
        "leaks possible!",
        "MDS CPU bug present and SMT on, data leak possible.",
        "platform eisa.0: Probing EISA bus 0", "Warning: unable to open an initial console."}) {
    EXPECT_EQ(find_kernel_trouble(line), "");
  }
}

TEST(KernelTrouble, IsWhateverStandsBeforeIt) {
  for (const char *line :
       {"rcu: INFO: rcu_preempt self-detected stall on CPU",
        "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100",
        "WARNING: CPU: 0 PID: 1 at net/core/filter.c:1 f+0x1/0x2", "WARNING: suspicious RCU usage",
        "kernel BUG at mm/slub.c:448!", "Oops: 0000 [#1] PREEMPT SMP NOPTI",
        "general protection fault, probably for address 0x1",
        "UBSAN: array-index-out-of-bounds in net/core/x.c:1:2",
        "INFO: task sklab:1 blocked for more than 120 seconds.",
        "unregister_netdevice: waiting for lo to become free. Usage count = 2"}) {
    EXPECT_EQ(find_kernel_trouble(line), line);
    const std::string on_console = std::string("[    1.234567][    T1] ") + line;
    EXPECT_EQ(find_kernel_trouble("before\n" + on_console + "\nbehind"), on_console);
  }
}

}  // namespace
}  // namespace sklab
