// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/coverage/hook_code.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(HookCode, PathsAreFromTheTopOfTheSource) {
  EXPECT_EQ(source_path("/a/source/net/core/filter.c"), "net/core/filter.c");
  EXPECT_EQ(source_path("/home/me/linux/net/core/filter.c"), "net/core/filter.c");
  EXPECT_EQ(source_path("/home/me/linux/include/linux/filter.h"), "include/linux/filter.h");
  EXPECT_EQ(source_path("net/core/filter.c"), "net/core/filter.c");
  EXPECT_EQ(source_path("./include/linux/filter.h"), "include/linux/filter.h");
}

TEST(HookCode, UnitsAreThoseWithCallsForKcov) {
  EXPECT_TRUE(has_hook_code("/a/source/kernel/bpf/net_namespace.c"));
  EXPECT_FALSE(has_hook_code("/a/source/kernel/bpf/verifier.c"));
  EXPECT_FALSE(has_hook_code("/a/source/net/core/sock.c"));
}

TEST(HookCode, EveryGroupHasCode) {
  bool hook = false;
  for (const CodeGroup &group : code_groups()) {
    EXPECT_NE(group.name, std::string()) << group.file;
    hook |= group.is_hook;
    const bool is_header = std::string_view(group.file).ends_with(".h");
    EXPECT_TRUE(is_header || has_hook_code(group.file)) << group.file;
  }
  EXPECT_TRUE(hook);
}

TEST(HookCode, WhatIsUnreachedHasAReason) {
  for (const Unreached &line : unreached_lines()) {
    EXPECT_GT(std::string_view(line.why).size(), 10U) << line.function;
    EXPECT_FALSE(std::string_view(line.text).empty()) << line.function;
  }
}

}  // namespace
}  // namespace sklab
