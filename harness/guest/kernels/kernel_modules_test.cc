// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_modules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/temporary_folder.h"
#include "harness/guest/kernels/module_example.h"
#include "harness/guest/kernels/module_info.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kRelease[] = "6.1.0-test";

class KernelModulesTest : public testing::Test {
 protected:
  void add(const std::string &path, const std::string &content) {
    const fs::path file = folder_.path() / path;
    fs::create_directories(file.parent_path());
    ASSERT_TRUE(write_file_atomically(file, content));
  }
  // With a compressor of the host's.
  void add_compressed(const std::string &path, const std::string &tool,
                      const std::string &content) {
    add(path, content);
    const auto program = find_program(tool, tool);
    ASSERT_TRUE(program);
    ASSERT_TRUE(output_of({{*program, "-q", (folder_.path() / path).string()}, {}, -1}, 20));
    fs::remove(folder_.path() / path);
  }
  std::vector<std::string> names() const {
    const auto found = find_modules(folder_.path(), kRelease);
    if (!found) return {found.error().message()};
    std::vector<std::string> names;
    for (const KernelModule &module : *found) names.push_back(module.name);
    return names;
  }

  TemporaryFolder folder_ = *TemporaryFolder::create("sklab-modules");
};

TEST_F(KernelModulesTest, ComeAfterWhatTheyDependOn) {
  add("kernel/net/veth.ko", example_module(""));
  add("kernel/net/cls_bpf.ko", example_module("middle,other-one"));
  add("kernel/net/middle.ko", example_module("lowest"));
  add("kernel/lib/lowest.ko", example_module(""));
  add("kernel/lib/other-one.ko", example_module("lowest"));
  add("kernel/lib/unwanted.ko", example_module("nowhere"));
  EXPECT_THAT(names(), ElementsAre("veth", "lowest", "middle", "other_one", "cls_bpf"));
}

TEST_F(KernelModulesTest, OfTproxyComeLast) {
  add("nft_tproxy.ko", example_module("nf_tables,shared"));
  add("nf_tables.ko", example_module(""));
  add("shared.ko", example_module(""));
  add("cls_bpf.ko", example_module("shared"));
  EXPECT_THAT(names(), ElementsAre("shared", "cls_bpf", "nf_tables", "nft_tproxy"));
  const auto found = *find_modules(folder_.path(), kRelease);
  EXPECT_FALSE(found[1].for_tproxy);
  EXPECT_TRUE(found[2].for_tproxy);
}

TEST_F(KernelModulesTest, AreDecompressed) {
  add_compressed("a/veth.ko", "xz", example_module(""));
  add_compressed("b/dummy.ko", "zstd", example_module(""));
  add_compressed("c/tun.ko", "gzip", example_module(""));
  const auto found = find_modules(folder_.path(), kRelease);
  ASSERT_TRUE(found) << found.error().message();
  ASSERT_EQ(found->size(), 3U);
  for (const KernelModule &module : *found) EXPECT_EQ(module.content, example_module(""));
}

TEST_F(KernelModulesTest, MayAllBeBuiltIn) {
  EXPECT_THAT(names(), IsEmpty());
  add("modules.builtin", "kernel/drivers/net/veth.ko\n");
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(KernelModulesTest, EndWhenTheyDependOnEachOther) {
  add("veth.ko", example_module("page_pool"));
  add("page_pool.ko", example_module("veth"));
  EXPECT_THAT(names(), ElementsAre("page_pool", "veth"));
}

TEST_F(KernelModulesTest, AreRefusedForWhatIsWrongWithThem) {
  add("veth.ko", example_module("nowhere"));
  EXPECT_THAT(names(), ElementsAre(HasSubstr("nowhere")));
  add("veth.ko", example_module("", "5.10.0"));
  EXPECT_THAT(names(), ElementsAre(HasSubstr("it is for 5.10.0, the image is 6.1.0-test")));
  add("veth.ko", "no ELF");
  EXPECT_THAT(names(), ElementsAre(HasSubstr("veth.ko")));
  fs::remove(folder_.path() / "veth.ko");
  for (const char *name : {"veth.ko.xz", "veth.ko.zst", "veth.ko.gz"}) {
    add(name, "not compressed");
    EXPECT_THAT(names(), ElementsAre(HasSubstr(name)));
    fs::remove(folder_.path() / name);
  }
}

TEST(ModuleInfo, SurvivesAnyDamage) {
  const std::string whole = example_module("a,b");
  EXPECT_THAT(parse_module_info(whole, "x")->depends, ElementsAre("a", "b"));
  for (size_t size = 0; size < whole.size(); ++size) {
    static_cast<void>(parse_module_info(whole.substr(0, size), "x"));
    std::string damaged = whole;
    damaged[size] = static_cast<char>(~damaged[size]);
    static_cast<void>(parse_module_info(damaged, "x"));
  }
}

}  // namespace
}  // namespace sklab
