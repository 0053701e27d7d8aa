// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/source_lines.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(CodeLines, TheInnermostOfInlinedFunctionsCounts) {
  const CodeLines lines = parse_source_lines(
      "0xffffffff81000010\n"
      "compute_score\n"
      "/cache/.builds/linux-1/source/net/ipv4/udp.c:370 (discriminator 2)\n"
      "udp4_lib_lookup2\n"
      "/cache/.builds/linux-1/source/net/ipv4/udp.c:483\n"
      "0xffffffff81000014\n"
      "udp4_lib_lookup2\n"
      "/home/me/linux/net/ipv4/udp.c:484\n"
      "0xffffffff81000018\n"
      "??\n"
      "??:0\n"
      "0xffffffff8100001c\n"
      "entry\n"
      "arch/x86/entry/entry_64.S:?\n");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines.at(0xffffffff81000010).file, "net/ipv4/udp.c");
  EXPECT_EQ(lines.at(0xffffffff81000010).line, 370U);
  EXPECT_EQ(lines.at(0xffffffff81000014).file, "/home/me/linux/net/ipv4/udp.c");
}

TEST(CodeLines, WhatIsCutOffIsLeftOut) {
  EXPECT_TRUE(parse_source_lines("").empty());
  EXPECT_TRUE(parse_source_lines("0x10\nf\n").empty());
  EXPECT_TRUE(parse_source_lines("0xnonsense\nf\na.c:1\n").empty());
}

TEST(CodeLines, AreAskedOfAFile) {
  const auto none = source_lines("/bin/true", {1});
  ASSERT_TRUE(none) << none.error().message();
  EXPECT_TRUE(none->empty());
  EXPECT_FALSE(source_lines("/nonexistent", {1}));
}

}  // namespace
}  // namespace sklab
