// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/kernel_make.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(KernelMake, FindsTheErrorAmongWhatMakePrints) {
  constexpr char kOutput[] =
      "  CC      net/ipv4/udp.o\n"
      "/cache/source/net/ipv4/udp.c: In function 'udp4_lib_lookup2':\n"
      "/cache/source/net/ipv4/udp.c:420:3: error: 'nonsense' undeclared\n"
      "make[4]: *** [../source/scripts/Makefile.build:229: net/ipv4/udp.o] Error 1\n";
  EXPECT_EQ(first_build_error(kOutput, "/cache/source"),
            "net/ipv4/udp.c:420:3: error: 'nonsense' undeclared");
  EXPECT_EQ(first_build_error("ld: udp.c:1: undefined reference to `f'\nmake: *** Error 1\n", "/x"),
            "ld: udp.c:1: undefined reference to `f'");
  EXPECT_EQ(first_build_error("make: *** No rule to make target 'bzImage'.  Stop.\n", "/x"),
            "make: *** No rule to make target 'bzImage'.  Stop.");
  EXPECT_EQ(first_build_error("", "/x"), "make says nothing of it");
}

TEST(KernelMake, SaysWhatIsBeingMade) {
  EXPECT_EQ(build_step("  CC      net/ipv4/udp.o\n"), "CC net/ipv4/udp.o");
  EXPECT_EQ(build_step("  CC      a.o\n  LD [M]  b.ko\n"), "LD [M]  b.ko");
  EXPECT_EQ(build_step("  CC      a.o\n  CC "), "CC a.o");
  EXPECT_EQ(build_step("make: Entering directory\n"), "");
  EXPECT_EQ(build_step(""), "");
}

}  // namespace
}  // namespace sklab
