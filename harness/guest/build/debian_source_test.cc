// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/debian_source.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

constexpr char kShown[] =
    "Package: linux-source-6.1\nVersion: 6.1.162-1\n\n"
    "Package: linux-source-6.12\nSource: linux\nVersion: 6.12.9-1\n\n"
    "Package: linux-source-6.12\nVersion: 6.12.117-1~deb12u1\nDescription: the kernel\n\n"
    "Package: linux-source-6.12\nVersion: 6.12.115-2~deb12u1\n";

TEST(DebianSource, TheNewestVersionIsTaken) {
  EXPECT_EQ(newest_version(kShown, "linux-source-6.12"), "6.12.117-1~deb12u1");
  EXPECT_EQ(newest_version(kShown, "linux-source-6.1"), "6.1.162-1");
  EXPECT_EQ(newest_version(kShown, "linux-source-6"), "");
  EXPECT_EQ(newest_version("", "linux-source-6.12"), "");
}

TEST(DebianSource, IsToldFromAFolderByItsName) {
  EXPECT_TRUE(is_source_package("linux-source-6.12"));
  EXPECT_FALSE(is_source_package("linux"));
  EXPECT_FALSE(is_source_package("./linux-source-6.12"));
  EXPECT_FALSE(is_source_package("linux-source-6.12/"));
  EXPECT_FALSE(is_source_package("linux-source-../../elsewhere"));
}

}  // namespace
}  // namespace sklab
