// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/suite.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(KernelWarnings, OfKnobsThatMakeFiguresDoubtful) {
  Fingerprint fingerprint;
  fingerprint.bpf_knobs = {{"bpf_jit_enable", "1"}, {"bpf_jit_harden", "0"}};
  EXPECT_TRUE(kernel_warnings(fingerprint).empty());
  fingerprint.bpf_knobs = {{"bpf_jit_enable", "0"}, {"bpf_jit_harden", "2"}};
  EXPECT_EQ(kernel_warnings(fingerprint).size(), 2U);
  EXPECT_TRUE(kernel_warnings(Fingerprint{}).empty());
}

}  // namespace
}  // namespace sklab
