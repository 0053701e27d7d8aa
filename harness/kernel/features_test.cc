// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <set>

#include "harness/kernel/feature_programs.h"

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Capability {
  int number;
  const char *name;
};
constexpr std::array kNeeded = {Capability{CAP_BPF, "CAP_BPF"},
                                Capability{CAP_NET_ADMIN, "CAP_NET_ADMIN"},
                                Capability{CAP_SYS_ADMIN, "CAP_SYS_ADMIN"}};
constexpr unsigned kSubsets = 1U << kNeeded.size();

// Takes capabilities out of the effective set and puts them back at the end.
class Without {
 public:
  explicit Without(unsigned subset) {
    call(SYS_capget);
    before_ = data_;
    for (size_t i = 0; i < kNeeded.size(); ++i) {
      if ((subset >> i & 1U) == 0) continue;
      const auto bit = static_cast<unsigned>(kNeeded[i].number);
      data_[bit / 32].effective &= ~(1U << (bit % 32));
    }
    call(SYS_capset);
  }
  ~Without() {
    data_ = before_;
    call(SYS_capset);
  }
  Without(const Without &) = delete;
  Without &operator=(const Without &) = delete;

 private:
  void call(long number) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    if (::syscall(number, &header, data_.data()) != 0) std::abort();
  }

  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data_{};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> before_{};
};

// Bits of kNeeded that are missing for the kernel: CAP_SYS_ADMIN includes CAP_BPF.
unsigned missing_of(unsigned removed) { return (removed & 4U) == 0 ? removed & ~1U : removed; }

const Feature &find(const std::vector<Feature> &features, const std::string &name) {
  const auto found = std::find_if(features.begin(), features.end(),
                                  [&](const Feature &feature) { return feature.name == name; });
  if (found == features.end()) std::abort();
  return *found;
}

ino_t current_netns() {
  struct stat status {};
  if (::stat("/proc/thread-self/ns/net", &status) != 0) std::abort();
  return status.st_ino;
}

TEST(Features, EveryOneIsDescribed) {
  std::set<std::string> names;
  for (const Feature &feature : probe_features()) {
    EXPECT_TRUE(names.insert(feature.name).second) << feature.name << " is there twice";
    EXPECT_FALSE(feature.detail.empty()) << feature.name;
    EXPECT_FALSE(feature.enables.empty()) << feature.name;
    EXPECT_FALSE(feature.how_to_get.empty()) << feature.name;
  }
}

TEST(Features, ThoseOfTheBenchmarkAreHere) {
  const auto required = require_lookup_features();
  ASSERT_TRUE(required) << required.error().message();
  const auto features = probe_features();
  for (const char *name : {"CAP_BPF", "CAP_NET_ADMIN", "CAP_SYS_ADMIN", "network namespaces",
                           "veth pairs", "sk_lookup hook", "sk_lookup TEST_RUN", "lookups in TC"}) {
    EXPECT_EQ(find(features, name).status, FeatureStatus::kYes) << name;
  }
}

TEST(Features, AMissingCapabilityIsNamed) {
  for (unsigned removed = 0; removed < kSubsets; ++removed) {
    const Without without(removed);
    const auto required = require_lookup_features();
    const unsigned missing = missing_of(removed);
    ASSERT_EQ(required.has_value(), missing == 0) << "without subset " << removed;
    if (required) continue;
    EXPECT_EQ(required.error().kind, ErrorKind::kUnavailable);
    const std::string message = required.error().message();
    EXPECT_THAT(message, HasSubstr("root"));
    EXPECT_THAT(message, Not(HasSubstr("\n")));
    for (size_t i = 0; i < kNeeded.size(); ++i) {
      EXPECT_EQ(message.find(kNeeded[i].name) != std::string::npos, (missing >> i & 1U) != 0)
          << message;
    }
  }
}

TEST(Features, ProbingWorksWithoutCapabilities) {
  const auto all = probe_features();
  for (unsigned removed = 0; removed < kSubsets; ++removed) {
    const Without without(removed);
    const auto features = probe_features();
    ASSERT_EQ(features.size(), all.size());
    for (size_t i = 0; i < all.size(); ++i) EXPECT_EQ(features[i].name, all[i].name);
    const unsigned missing = missing_of(removed);
    for (size_t i = 0; i < kNeeded.size(); ++i) {
      const FeatureStatus expected =
          (missing >> i & 1U) != 0 ? FeatureStatus::kNo : FeatureStatus::kYes;
      EXPECT_EQ(find(features, kNeeded[i].name).status, expected) << "without subset " << removed;
    }
    // What cannot be tried is not said to be absent.
    const FeatureStatus netns = find(features, "network namespaces").status;
    const bool has_netns = (missing & 6U) == 0;  // its loopback takes CAP_NET_ADMIN
    EXPECT_EQ(netns, has_netns ? FeatureStatus::kYes : FeatureStatus::kUnknown)
        << "without subset " << removed;
    const FeatureStatus hook = find(features, "sk_lookup hook").status;
    EXPECT_EQ(hook, missing == 0 ? FeatureStatus::kYes : FeatureStatus::kUnknown)
        << "without subset " << removed;
  }
}

// Links, programs and namespaces have no name, so one that stayed would hold a descriptor.
TEST(Features, ProbingLeavesNothingBehind) {
  const ino_t netns_before = current_netns();
  const UniqueFd before(::dup(0));
  probe_features();
  const UniqueFd after(::dup(0));
  EXPECT_EQ(after.get(), before.get() + 1);
  EXPECT_EQ(current_netns(), netns_before);
}

TEST(Refused, TellsLackingFromNotAllowed) {
  constexpr int kKernelNotSupported = 524;
  EXPECT_EQ(refused("load", EINVAL).value().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(refused("load", ENOSYS).value().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(refused("load", EPERM).value().kind, ErrorKind::kHarness);
  EXPECT_EQ(refused("load", EMFILE).value().kind, ErrorKind::kHarness);
  EXPECT_EQ(refused("create", ENOSPC).value().kind, ErrorKind::kHarness);
  const Error error = refused("run", kKernelNotSupported).value();
  EXPECT_EQ(error.kind, ErrorKind::kUnavailable);
  EXPECT_EQ(error.error_number, EOPNOTSUPP);
}

}  // namespace
}  // namespace sklab
