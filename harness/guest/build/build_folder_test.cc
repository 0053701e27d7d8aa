// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/build_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/temporary_folder.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

TEST(BuildFolder, IsOneASource) {
  const TemporaryFolder cache = *TemporaryFolder::create("sklab-builds");
  const auto path = [&](const char *label, const char *identity) {
    return BuildFolder::open(cache.path(), label, identity, {})->path();
  };
  EXPECT_EQ(path("linux", "/a/linux"), path("linux", "/a/linux"));
  EXPECT_NE(path("linux", "/a/linux"), path("linux", "/b/linux"));
  EXPECT_THAT(list_build_folders(cache.path()),
              ElementsAre(StartsWith("linux-"), StartsWith("linux-")));
}

TEST(BuildFolder, IsRemovedUnlessSomebodyBuildsThere) {
  const TemporaryFolder cache = *TemporaryFolder::create("sklab-builds");
  EXPECT_EQ(*remove_build_folders(cache.path()), 0U);
  {
    const auto used = BuildFolder::open(cache.path(), "used", "1", {});
    ASSERT_TRUE(BuildFolder::open(cache.path(), "unused", "2", {}));
    EXPECT_EQ(*remove_build_folders(cache.path()), 1U);
    EXPECT_THAT(list_build_folders(cache.path()), ElementsAre(StartsWith("used-")));
  }
  EXPECT_EQ(*remove_build_folders(cache.path()), 1U);
  EXPECT_THAT(list_build_folders(cache.path()), IsEmpty());
}

}  // namespace
}  // namespace sklab
