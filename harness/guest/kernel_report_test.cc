// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernel_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kLog[] = R"([    0.100000] Linux version 6.12.9
[    7.250000] ==================================================================
[    7.250001] BUG: KASAN: slab-use-after-free in bpf_netns_link_update_prog+0x1a3/0x2b0
[    7.250002] Read of size 4 at addr ffff888006a1c000 by task sklab/81
[    7.250003]
[    7.250004] CPU: 0 UID: 0 PID: 81 Comm: sklab Not tainted 6.12.9 #1
[    7.250005] Call Trace:
[    7.250006]  <TASK>
[    7.250007]  dump_stack_lvl+0x53/0x70
[    7.250008]  print_report+0xce/0x620
[    7.250009]  ? __virt_addr_valid+0x1/0x20
[    7.250010]  kasan_report+0xcd/0x110
[    7.250011]  ? bpf_netns_link_update_prog+0x1a3/0x2b0
[    7.250012]  bpf_netns_link_update_prog+0x1a3/0x2b0
[    7.250013]  link_update.isra.0+0x21/0x300
[    7.250014]  __sys_bpf+0x11a/0x4000
[    7.250015]  </TASK>
[    7.250016]
[    7.250017] Freed by task 9:
[    7.250018]  kasan_save_stack+0x33/0x60
[    7.250019]  kfree+0x12/0x300
[    7.250020] ==================================================================
[    7.250021] Kernel panic - not syncing: kasan.fault=panic set ...
sklab: not of the kernel's: WARNING:
)";

TEST(KernelReport, HasATitleAndAStack) {
  const auto reports = find_kernel_reports(kLog);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].title, "BUG: KASAN: slab-use-after-free in bpf_netns_link_update_prog");
  EXPECT_EQ(reports[0].signature(),
            "BUG: KASAN: slab-use-after-free in bpf_netns_link_update_prog in "
            "bpf_netns_link_update_prog < link_update < __sys_bpf");
  EXPECT_THAT(reports[0].text, HasSubstr("Freed by task 9:"));
}

TEST(KernelReport, ConsolesEndLinesInTheirOwnWay) {
  std::string log;
  for (const char character : std::string(kLog))
    log += character == '\n' ? "\r\n" : std::string(1, character);
  const auto reports = find_kernel_reports(log);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].signature(), find_kernel_reports(kLog)[0].signature());
  EXPECT_EQ(reports[0].text, find_kernel_reports(kLog)[0].text);
}

TEST(KernelReport, EachFaultIsOne) {
  const std::string warning =
      "[    1.0] ------------[ cut here ]------------\n"
      "[    1.0] WARNING: CPU: 1 PID: 70 at net/core/sock_map.c:12 sock_map_free+0x1/0x2\n"
      "[    1.0] Call Trace:\n[    1.0]  <TASK>\n[    1.0]  ? __warn+0x1/0x2\n"
      "[    1.0]  sock_map_free+0x1/0x2\n[    1.0]  </TASK>\n"
      "[    1.0] ---[ end trace 0000000000000000 ]---\n";
  const auto reports = find_kernel_reports(warning + kLog);
  ASSERT_THAT(reports, SizeIs(2));
  EXPECT_EQ(reports[0].signature(),
            "WARNING: CPU PID at net/core/sock_map.c:12 sock_map_free in sock_map_free");
}

TEST(KernelReport, AnOopsBeginsWhereItHappened) {
  const auto reports = find_kernel_reports(
      "[    1.0] Oops: general protection fault, probably for non-canonical address "
      "0xfbd59c0000000021: 0000 [#1] PREEMPT SMP KASAN\n"
      "[    1.0] RIP: 0010:bpf_netns_link_release+0x1bb/0x5b0\n"
      "[    1.0] Call Trace:\n[    1.0]  <TASK>\n[    1.0]  ? _raw_spin_lock+0xb0/0xb0\n"
      "[    1.0]  bpf_link_free+0x12e/0x3b0\n[    1.0]  __fput+0x17e/0x6a0\n"
      "[    1.0] RIP: 0033:0x7ffff78e9a1a\n[    1.0]  </TASK>\n");
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].signature(),
            "Oops: general protection fault in bpf_netns_link_release < bpf_link_free < __fput");
}

TEST(KernelReport, APanicByItselfIsOne) {
  const auto reports =
      find_kernel_reports("[    1.0] Kernel panic - not syncing: Attempted to kill init!\n");
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_THAT(reports[0].stack, IsEmpty());
  EXPECT_THAT(find_kernel_reports("[    1.0] all is well\n"), IsEmpty());
}

}  // namespace
}  // namespace sklab
