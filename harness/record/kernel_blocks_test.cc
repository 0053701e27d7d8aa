// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/kernel_blocks.h"

#include <gtest/gtest.h>

#include <fstream>

#include "harness/base/temporary_folder.h"

namespace sklab {
namespace {

Fingerprint build(const char *version) {
  Fingerprint kernel;
  kernel.kernel_release = "6.12.9";
  kernel.kernel_version = version;
  kernel.kernel_btf_sha256 = "b";
  return kernel;
}

TEST(KernelBlocks, GrowUntilAnotherBuildComes) {
  const auto folder = TemporaryFolder::create("sklab-blocks");
  ASSERT_TRUE(folder);
  const auto path = folder->path() / "coverage/kernel.json";
  ASSERT_TRUE(add_kernel_blocks(path, build("#1"), {1, 0xffffffff81000000}));
  ASSERT_TRUE(add_kernel_blocks(path, build("#1"), {2}));
  EXPECT_EQ(read_kernel_blocks(path)->blocks, (std::set<uint64_t>{1, 2, 0xffffffff81000000}));
  ASSERT_TRUE(add_kernel_blocks(path, build("#2"), {3}));
  EXPECT_EQ(*read_kernel_blocks(path), (KernelBlocks{"6.12.9", "#2", "b", {3}}));
}

TEST(KernelBlocks, OnlyThoseOfOneBuildAreMerged) {
  KernelBlocks blocks;
  ASSERT_TRUE(merge_kernel_blocks(blocks, {"6.12.9", "#1", "b", {1}}, "a"));
  ASSERT_TRUE(merge_kernel_blocks(blocks, {"6.12.9", "#1", "b", {2}}, "a"));
  EXPECT_EQ(blocks, (KernelBlocks{"6.12.9", "#1", "b", {1, 2}}));
  EXPECT_FALSE(merge_kernel_blocks(blocks, {"6.12.9", "#2", "b", {3}}, "a"));
  EXPECT_FALSE(merge_kernel_blocks(blocks, {"6.12.9", "#1", "c", {3}}, "a"));
  EXPECT_EQ(blocks.blocks.size(), 2U);
}

TEST(KernelBlocks, WhatIsNoneOfThemIsAnError) {
  const auto folder = TemporaryFolder::create("sklab-blocks");
  ASSERT_TRUE(folder);
  const auto path = folder->path() / "kernel.json";
  EXPECT_FALSE(read_kernel_blocks(path));
  for (const char *text : {"", "{}", "[1]", "{\"kernel_release\": 1}"}) {
    std::ofstream(path) << text;
    const auto read = read_kernel_blocks(path);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::kUsage);
    // It is replaced by what is known now.
    ASSERT_TRUE(add_kernel_blocks(path, build("#1"), {1}));
    EXPECT_TRUE(read_kernel_blocks(path));
  }
}

}  // namespace
}  // namespace sklab
