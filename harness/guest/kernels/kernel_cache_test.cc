// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_cache.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "harness/base/file.h"
#include "harness/base/temporary_folder.h"
#include "harness/guest/kernels/kernel_limit.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class KernelCacheTest : public testing::Test {
 protected:
  // As if it was fetched, and used at that time last.
  void add(const std::string &name, KernelOriginKind kind, std::time_t used) {
    const fs::path folder = cache() / name;
    fs::create_directories(folder / "modules/tproxy");
    KernelRecord record{name, "6.1.0-test", "6.1.0-test #1", {kind, "", ""}, {}, {}, "2026"};
    record.modules = {"modules/veth.ko", "modules/tproxy/nf_tables.ko"};
    for (const char *file : {"bzImage", "modules/veth.ko", "modules/tproxy/nf_tables.ko"}) {
      ASSERT_TRUE(write_file_atomically(folder / file, file));
      record.sha256[file] = sha256_hex(file);
    }
    ASSERT_TRUE(write_file_atomically(folder / kKernelRecordFile, kernel_json(record)));
    const timespec times[2] = {{used, 0}, {used, 0}};
    ::utimensat(AT_FDCWD, (folder / kKernelRecordFile).c_str(), times, 0);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    const auto kernels = list_kernels(cache());
    for (const CachedKernel &kernel : *kernels) names.push_back(kernel.record.name);
    return names;
  }
  CacheLock lock() const { return std::move(*CacheLock::take(cache(), {})); }
  fs::path cache() const { return root_.path() / "kernels"; }

  TemporaryFolder root_ = *TemporaryFolder::create("sklab-kernels");
};

TEST_F(KernelCacheTest, IsListedAsPeopleCount) {
  EXPECT_THAT(names(), IsEmpty());
  for (const char *name : {"6.12", "7.0", "6.2", "mine"}) add(name, KernelOriginKind::kFile, 1);
  fs::create_directories(cache() / ".6.3.1.tmp");
  ASSERT_TRUE(write_file_atomically(cache() / "6.4.boot.log", ""));
  EXPECT_THAT(names(), ElementsAre("6.2", "6.12", "7.0", "mine"));
}

TEST_F(KernelCacheTest, OpensWhatIsWhole) {
  add("6.1", KernelOriginKind::kDebian, 1);
  const auto open = open_kernel(cache(), "6.1");
  ASSERT_TRUE(open) << open.error().message();
  EXPECT_EQ(open->kernel.image, cache() / "6.1" / "bzImage");
  EXPECT_THAT(open->kernel.modules, ElementsAre(cache() / "6.1" / "modules/veth.ko"));
  EXPECT_THAT(open->kernel.tproxy_modules,
              ElementsAre(cache() / "6.1" / "modules/tproxy/nf_tables.ko"));
  EXPECT_GT(list_kernels(cache())->front().used, 1);
}

TEST_F(KernelCacheTest, RefusesWhatIsNot) {
  const auto refusal = [&](const std::string &name) {
    const auto open = open_kernel(cache(), name);
    EXPECT_FALSE(open);
    return open ? "" : open.error().message();
  };
  EXPECT_THAT(refusal("6.1"), HasSubstr("`sklab kernel fetch 6.1`"));
  EXPECT_THAT(refusal("../6.1"), HasSubstr("name"));
  for (const char *file : {"bzImage", "modules/veth.ko", "kernel.json"}) {
    add("6.1", KernelOriginKind::kDebian, 1);
    ASSERT_TRUE(write_file_atomically(cache() / "6.1" / file, "damage"));
    EXPECT_THAT(refusal("6.1"), HasSubstr("damaged")) << file;
  }
  EXPECT_FALSE(list_kernels(cache())->front().trouble.empty());
  add("mine", KernelOriginKind::kFile, 1);
  fs::remove(cache() / "mine" / "bzImage");
  EXPECT_THAT(refusal("mine"), HasSubstr("add it again"));
}

TEST_F(KernelCacheTest, KeepsKernelsThatAreBeingUsed) {
  add("6.1", KernelOriginKind::kDebian, 1);
  {
    const auto one = open_kernel(cache(), "6.1");
    const auto another = open_kernel(cache(), "6.1");
    ASSERT_TRUE(one && another);
    const auto removed = remove_kernel(lock(), cache(), "6.1");
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().kind, ErrorKind::kUnavailable);
  }
  EXPECT_TRUE(remove_kernel(lock(), cache(), "6.1"));
  EXPECT_THAT(names(), IsEmpty());
  EXPECT_EQ(remove_kernel(lock(), cache(), "6.1").error().kind, ErrorKind::kUsage);
}

CachedKernel cached(const std::string &name, KernelOriginKind kind, uint64_t mib,
                    std::time_t used) {
  CachedKernel kernel;
  kernel.record.name = name;
  kernel.record.origin.kind = kind;
  kernel.bytes = mib << 20U;
  kernel.used = used;
  return kernel;
}

std::vector<std::string> removed_for(uint64_t limit_mib) {
  std::vector<CachedKernel> kernels = {cached("new", KernelOriginKind::kDebian, 10, 1),
                                       cached("own", KernelOriginKind::kFile, 10, 2),
                                       cached("later", KernelOriginKind::kDebian, 10, 4),
                                       cached("early", KernelOriginKind::kDebian, 10, 3),
                                       cached("damaged", KernelOriginKind::kDebian, 10, 0)};
  kernels.back().trouble = "damaged";
  std::vector<std::string> names;
  for (const CachedKernel &kernel : kernels_beyond(kernels, limit_mib, "new")) {
    names.push_back(kernel.record.name);
  }
  return names;
}

TEST(KernelLimit, TakesThoseNotUsedForLongest) {
  EXPECT_THAT(removed_for(50), IsEmpty());
  EXPECT_THAT(removed_for(49), ElementsAre("early"));
  EXPECT_THAT(removed_for(40), ElementsAre("early"));
  EXPECT_THAT(removed_for(39), ElementsAre("early", "later"));
  EXPECT_THAT(removed_for(1), ElementsAre("early", "later"));
}

TEST(KernelLimit, IsANumberOfMib) {
  constexpr char kVariable[] = "SKLAB_KERNELS_LIMIT_MIB";
  ::unsetenv(kVariable);
  EXPECT_EQ(*configured_limit_mib(), kDefaultLimitMib);
  ::setenv(kVariable, "100", 1);
  EXPECT_EQ(*configured_limit_mib(), 100U);
  for (const char *wrong : {"0", "-1", "4G", "1.5", " 1"}) {
    ::setenv(kVariable, wrong, 1);
    EXPECT_FALSE(configured_limit_mib()) << wrong;
  }
  ::unsetenv(kVariable);
}

TEST(KernelCacheFolder, FollowsTheEnvironment) {
  ::setenv("HOME", "/home/me", 1);
  ::unsetenv("XDG_CACHE_HOME");
  ::unsetenv("SKLAB_KERNELS");
  EXPECT_EQ(*kernel_cache_folder(), "/home/me/.cache/sklab/kernels");
  ::setenv("XDG_CACHE_HOME", "/cache", 1);
  EXPECT_EQ(*kernel_cache_folder(), "/cache/sklab/kernels");
  ::setenv("XDG_CACHE_HOME", "relative", 1);
  EXPECT_EQ(*kernel_cache_folder(), "/home/me/.cache/sklab/kernels");
  ::setenv("SKLAB_KERNELS", "/kernels", 1);
  EXPECT_EQ(*kernel_cache_folder(), "/kernels");
  ::unsetenv("SKLAB_KERNELS");
  ::unsetenv("XDG_CACHE_HOME");
  ::unsetenv("HOME");
  EXPECT_FALSE(kernel_cache_folder());
}

}  // namespace
}  // namespace sklab
