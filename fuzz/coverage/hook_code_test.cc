// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/coverage/hook_code.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "harness/guest/build/kernel_config.h"

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

TEST(HookCode, KernelsAreBuiltWithCallsInAllOfIt) {
  const auto variables = variant_make_variables({"kcov"});
  for (const CodeGroup &group : code_groups()) {
    const std::filesystem::path file = group.file;
    if (file.extension() != ".c") continue;
    const std::string wanted = "KCOV_INSTRUMENT_" + file.stem().string() + ".o=y";
    EXPECT_NE(std::find(variables.begin(), variables.end(), wanted), variables.end()) << wanted;
  }
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
  EXPECT_EQ(why_unreached("netns_bpf_attach", "return 0;", ""), nullptr);
  EXPECT_NE(why_unreached("bpf_prog_test_run_sk_lookup", "\tret = -ENOMEM;", ""), nullptr);
  EXPECT_NE(why_unreached("bpf_prog_test_run_sk_lookup", "\tgoto out;", "\tret = -ENOMEM;"),
            nullptr);
  EXPECT_EQ(why_unreached("bpf_prog_test_run_sk_lookup", "\tret = -ERANGE;", ""), nullptr);
  EXPECT_EQ(why_unreached("bpf_prog_test_run_sk_lookup", "\tgoto out;", "\tret = -ERANGE;"),
            nullptr);
  for (const char *name :
       {"sock_map_iter_attach_target", "sock_hash_seq_next", "____bpf_sk_redirect_map",
        "bpf_iter_sockmap", "bpf_sockmap_iter_init"}) {
    EXPECT_NE(why_unreached(name, "", ""), nullptr) << name;
  }
}

}  // namespace
}  // namespace sklab
