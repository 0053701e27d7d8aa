// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::HasSubstr;

KernelRecord example_record() {
  return {"6.1",
          "6.1.0-56-cloud-amd64",
          "6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org) #1 SMP",
          {KernelOriginKind::kDebian, "linux-image-6.1.0-56-cloud-amd64", "6.1.192-2"},
          {{"bzImage", "00"}, {"modules/veth.ko", "11"}},
          {"modules/veth.ko"},
          "2026-11-26T11:00:00Z"};
}

TEST(KernelRecord, IsReadAsItWasWritten) {
  const std::string json = kernel_json(example_record());
  const auto read = parse_kernel_json(json);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(kernel_json(*read), json);
  EXPECT_EQ(read->origin.text(), "Debian 6.1.192-2");
  EXPECT_EQ(read->modules, example_record().modules);
}

TEST(KernelRecord, RefusesWhatItDoesNotKnow) {
  std::string later = kernel_json(example_record());
  later.replace(later.find("\"schema_version\": 1"), 19, "\"schema_version\": 2");
  std::string foreign = kernel_json(example_record());
  foreign.replace(foreign.find("\"debian\""), 8, "\"fedora\"");
  for (const std::string &text : {std::string(), std::string("{}"), later, foreign,
                                  kernel_json(example_record()).substr(0, 100)}) {
    const auto read = parse_kernel_json(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(read.error().message(), HasSubstr("kernel.json"));
  }
}

TEST(KernelName, IsOneFolderThatIsNotHidden) {
  for (const char *name : {"6.1", "7.3", "a", "6.12.117+deb13-cloud-amd64", "my_own-kernel"}) {
    EXPECT_TRUE(check_kernel_name(name)) << name;
  }
  for (const std::string &name : {std::string(), std::string("."), std::string(".."),
                                  std::string(".hidden"), std::string("-flag"), std::string("a/b"),
                                  std::string("a b"), std::string("a\n"), std::string(200, 'a')}) {
    EXPECT_FALSE(check_kernel_name(name)) << name;
  }
}

}  // namespace
}  // namespace sklab
