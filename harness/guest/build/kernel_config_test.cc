// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/kernel_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/temporary_folder.h"

namespace sklab {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(KernelConfig, VariantsAreAsked) {
  const std::string minimal = own_config({});
  EXPECT_THAT(minimal, HasSubstr("CONFIG_BPF_SYSCALL=y\n"));
  EXPECT_THAT(minimal, Not(HasSubstr("CONFIG_KASAN=y\n")));
  EXPECT_THAT(own_config({"kasan"}), HasSubstr("CONFIG_KASAN=y\n"));
  EXPECT_THAT(own_config({"kasan"}), Not(HasSubstr("CONFIG_KCOV=y\n")));
  for (const KernelVariant &variant : kKernelVariants) {
    EXPECT_GT(own_config({variant.name}).size(), minimal.size()) << variant.name;
  }
}

TEST(KernelConfig, CoverageAndDataRacesAreOfSomeObjects) {
  EXPECT_THAT(variant_make_variables({"kasan"}), IsEmpty());
  EXPECT_THAT(variant_make_variables({"kcov"}),
              AllOf(Contains("KCOV_INSTRUMENT_udp.o=y"), Contains("KCOV_INSTRUMENT_verifier.o=y")));
  EXPECT_THAT(variant_make_variables({"kcsan"}),
              AllOf(Contains("KCSAN_SANITIZE=n"), Contains("KCSAN_SANITIZE_udp.o=y"),
                    Not(Contains("KCSAN_SANITIZE_verifier.o=y")),
                    Not(Contains("KCOV_INSTRUMENT_udp.o=y"))));
}

TEST(KernelConfig, SaysWhatWasNotTaken) {
  constexpr char kConfig[] = "CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_HZ=250\nCONFIG_D=m\n";
  EXPECT_THAT(options_not_taken("", kConfig), IsEmpty());
  EXPECT_THAT(options_not_taken("CONFIG_A=y\nCONFIG_HZ=250\n# a comment\n", kConfig), IsEmpty());
  EXPECT_THAT(options_not_taken("CONFIG_B=n\n# CONFIG_C is not set\n", kConfig), IsEmpty());
  EXPECT_THAT(options_not_taken("CONFIG_B=y\nCONFIG_C=y\nCONFIG_D=y\nCONFIG_A=n\n", kConfig),
              ElementsAre("CONFIG_A=n", "CONFIG_B=y", "CONFIG_C=y", "CONFIG_D=y"));
  // The last word counts, as it does for Kconfig.
  EXPECT_THAT(options_not_taken("CONFIG_A=n\nCONFIG_A=y\n", kConfig), IsEmpty());
}

TEST(KernelConfig, AFragmentThatIsNoneIsRefused) {
  const TemporaryFolder folder = *TemporaryFolder::create("sklab-config");
  const auto good = folder.path() / "good";
  const auto bad = folder.path() / "bad";
  ASSERT_TRUE(write_file_atomically(good, "# mine\n\nCONFIG_PREEMPT=y"));
  ASSERT_TRUE(write_file_atomically(bad, "CONFIG_PREEMPT=y\nPREEMPT=y\n"));
  EXPECT_EQ(*read_fragments({good, good}),
            "# mine\n\nCONFIG_PREEMPT=y\n# mine\n\nCONFIG_PREEMPT=y\n");
  const auto refused = read_fragments({good, bad});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(refused.error().message(), HasSubstr("bad:2"));
  EXPECT_EQ(read_fragments({folder.path() / "none"}).error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace sklab
