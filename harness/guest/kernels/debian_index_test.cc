// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/debian_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/guest/kernels/apt.h"
#include "harness/guest/kernels/debian_version.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Each before the next.
constexpr const char *kAscending[] = {
    "6.1~rc1",   "6.1.9-1",           "6.1.10-1~bpo12+1", "6.1.10-1",  "6.1.10-1+b1", "6.1.10-2",
    "6.1.010-3", "6.12.95-1~deb12u1", "6.12.95-1",        "7.3~exp-1", "7.3-1"};

TEST(DebianVersion, HasTheOrderOfThePolicy) {
  for (size_t i = 0; i < std::size(kAscending); ++i) {
    for (size_t j = 0; j < std::size(kAscending); ++j) {
      EXPECT_TRUE(compare_debian_versions(kAscending[i], kAscending[j]) == (i <=> j))
          << kAscending[i] << " " << kAscending[j];
    }
  }
}

TEST(DebianVersion, FitsUpToTheEndOfANumber) {
  for (const char *spec : {"6", "6.1", "6.1.192", "6.1.192-2"}) {
    EXPECT_TRUE(version_fits("6.1.192-2", spec)) << spec;
  }
  for (const char *spec : {"", "6.", "6.1.19", "6.1.192-", "6.1.192-2a", "6.12", "7"}) {
    EXPECT_FALSE(version_fits("6.1.192-2", spec)) << spec;
  }
  EXPECT_TRUE(version_fits("7.3.4-1~bpo13+1", "7.3.4"));
}

std::string paragraph(const std::string &package, const std::string &version,
                      const std::string &depends = "kmod") {
  return "Package: " + package + "\nSource: linux\nVersion: " + version + "\nDepends: " + depends +
         "\nDescription-en: a\n b: c\nFilename: pool/main/l/linux-signed-amd64/x.deb\n\n";
}

constexpr char kSplitImage[] = "linux-image-7.3.4+deb13-cloud-amd64";
constexpr char kSplitBase[] = "linux-base-7.3.4+deb13-cloud-amd64";
constexpr char kSplitModules[] = "linux-modules-7.3.4+deb13-cloud-amd64";
constexpr char kSplitVersion[] = "7.3.4-1~bpo13+1";

std::vector<DebianKernel> example_kernels(const std::string &more = "") {
  const std::string same_version = std::string(" (= ") + kSplitVersion + ")";
  return parse_kernel_packages(paragraph("linux-image-6.1.0-56-cloud-amd64", "6.1.192-2") +
                               paragraph("linux-image-6.1.0-9-cloud-amd64", "6.1.27-1") +
                               paragraph("linux-image-6.1.0-56-cloud-amd64-unsigned", "6.1.193-1") +
                               paragraph("linux-image-7.3.4+deb13-cloud-amd64-dbg", "7.3.4-2") +
                               paragraph("linux-image-cloud-amd64", "7.3.9-1") +
                               paragraph("linux-headers-7.3.9+deb13-cloud-amd64", "7.3.9-1") +
                               paragraph("linux-image-6.12-cloud-amd64", "6.12.118-1") +
                               paragraph("linux-image-6.12.117+deb13-cloud-amd64", "6.12.117-1") +
                               paragraph(kSplitImage, kSplitVersion,
                                         std::string("dracut | initramfs-tools (>= 0.120), ") +
                                             kSplitBase + same_version + ", " + kSplitModules +
                                             same_version) +
                               more);
}

TEST(DebianIndex, HasSignedKernelsForCloudsOnly) {
  std::vector<std::string> releases;
  for (const DebianKernel &kernel : example_kernels()) releases.push_back(kernel.release);
  EXPECT_THAT(releases, ElementsAre("6.1.0-56-cloud-amd64", "6.1.0-9-cloud-amd64",
                                    "6.12.117+deb13-cloud-amd64", "7.3.4+deb13-cloud-amd64"));
}

TEST(DebianIndex, NamesThePackagesOfAKernelThatAreListed) {
  const auto modules = paragraph(kSplitModules, kSplitVersion);
  const auto whole =
      choose_kernel(example_kernels(modules + paragraph(kSplitBase, kSplitVersion)), "7.3");
  EXPECT_THAT(whole->packages, ElementsAre(kSplitImage, kSplitBase, kSplitModules));
  EXPECT_EQ(whole->unlisted_modules, "");
  const auto without_base = choose_kernel(example_kernels(modules), "7.3");
  EXPECT_THAT(without_base->packages, ElementsAre(kSplitImage, kSplitModules));
  EXPECT_THAT(choose_kernel(example_kernels(), "6.12")->packages,
              ElementsAre("linux-image-6.12.117+deb13-cloud-amd64"));
}

TEST(DebianIndex, KnowsWhereModulesAreThatAreListedNoMore) {
  for (const std::string &other : {std::string(), paragraph(kSplitModules, "7.3.4-1")}) {
    const auto kernel = choose_kernel(example_kernels(other), "7.3");
    EXPECT_THAT(kernel->packages, ElementsAre(kSplitImage));
    EXPECT_EQ(kernel->unlisted_modules,
              "debian/pool/main/l/linux/linux-modules-7.3.4+deb13-cloud-amd64_7.3.4-1~bpo13+1_amd64"
              ".deb");
  }
}

TEST(DebianIndex, ChoosesTheNewestThatFits) {
  EXPECT_EQ(choose_kernel(example_kernels(), "6.1")->version, "6.1.192-2");
  EXPECT_EQ(choose_kernel(example_kernels(), "6")->version, "6.12.117-1");
  EXPECT_EQ(choose_kernel(example_kernels(), "6.1.27")->release, "6.1.0-9-cloud-amd64");
}

TEST(DebianIndex, SaysWhatThereIs) {
  const auto none = choose_kernel(example_kernels(), "5.10");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(none.error().message(), HasSubstr("'5.10'; there are 6.1, 6.12, 7.3"));
  EXPECT_FALSE(choose_kernel({}, "6.1"));
}

TEST(DebianIndex, SurvivesAnyText) {
  EXPECT_TRUE(parse_kernel_packages("").empty());
  EXPECT_TRUE(parse_kernel_packages("\n\n\n:\n: :\nPackage\nVersion: 1").empty());
}

TEST(ToolReason, IsAFullDiskOrTheFirstErrorOrTheFirstWarning) {
  EXPECT_EQ(tool_reason("W: a\nW: b\nE: c\nE: d\n"), "c");
  EXPECT_EQ(tool_reason("Err:1 x\nW: b\n"), "b");
  EXPECT_EQ(tool_reason("anything\nelse"), "anything");
  EXPECT_EQ(tool_reason(""), "");
  EXPECT_EQ(tool_reason("E: a\ntar: b: No space left on device\n"),
            "tar: b: No space left on device");
}

TEST(DebianSources, AreSignedAndOfTheMirror) {
  const std::string sources = debian_sources("http://mirror.example");
  EXPECT_EQ(std::count(sources.begin(), sources.end(), '\n'), 7);
  EXPECT_THAT(sources, HasSubstr("http://mirror.example/debian sid main\n"));
  EXPECT_THAT(sources, HasSubstr("http://mirror.example/debian-security trixie-security main\n"));
  EXPECT_THAT(sources, testing::Not(HasSubstr("trusted=")));
}

}  // namespace
}  // namespace sklab
