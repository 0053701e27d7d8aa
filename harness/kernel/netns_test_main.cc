// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gtest/gtest.h>

#include <cstdio>

#include "harness/base/exit_code.h"
#include "harness/kernel/libbpf_log.h"
#include "harness/kernel/netns.h"

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  sklab::set_up_libbpf_log();
  if (auto isolated = sklab::isolate_process(); !isolated) {
    std::fprintf(stderr, "SKIP: %s\n", isolated.error().message().c_str());
    return static_cast<int>(sklab::exit_code_for(isolated.error().kind));
  }
  return RUN_ALL_TESTS();
}
