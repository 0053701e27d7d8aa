// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/attribution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

Symbols some_symbols() {
  auto symbols = Symbols::parse(
      "ffffffff81000000 T __switch_to_asm\n"
      "ffffffff81000100 T asm_sysvec_apic_timer_interrupt\n"
      "ffffffff81000200 T asm_exc_page_fault\n"
      "ffffffff81000300 T asm_load_gs_index\n"
      "ffffffff81001000 t udp4_lib_lookup2.isra.0\n"
      "ffffffff81002000 t udp4_lib_lookup2.isra.0.cold\n"
      "ffffffff81003000 t inet_lookup_reuseport\n");
  EXPECT_TRUE(symbols);
  return *symbols;
}

TEST(FunctionTotals, AddWhatCompilersSplit) {
  const auto totals = function_totals({{0x401000, 2},
                                       {0xffffffff81001000, 3},
                                       {0xffffffff81001002, 3},
                                       {0xffffffff81002000, 1},
                                       {0xffffffff81003000, 4}},
                                      some_symbols());
  ASSERT_EQ(totals.size(), 3);
  EXPECT_EQ(totals[0].name, "udp4_lib_lookup2");
  EXPECT_EQ(totals[0].instructions, 7);
  EXPECT_EQ(totals[1].name, "inet_lookup_reuseport");
  EXPECT_EQ(totals[2].kind, CodeKind::kUser);
  EXPECT_EQ(totals[2].instructions, 2);
}

TEST(Disturbances, AreCountedWhereTheyEnter) {
  EXPECT_TRUE(disturbances({{0x401000, 2}, {0xffffffff81000300, 1}, {0xffffffff81001000, 3}},
                           some_symbols())
                  .empty());
  // A window may begin within an interrupt's way back.
  EXPECT_TRUE(disturbances({{0xffffffff81000108, 1}}, some_symbols()).empty());
  const auto found = disturbances(
      {{0xffffffff81000000, 2}, {0xffffffff81000100, 1}, {0xffffffff81000200, 5}}, some_symbols());
  ASSERT_EQ(found.size(), 3);
  EXPECT_EQ(found[0].entry, "__switch_to_asm");
  EXPECT_EQ(found[0].count, 2);
  EXPECT_EQ(found[1].entry, "asm_sysvec_apic_timer_interrupt");
  EXPECT_EQ(found[2].count, 5);
}

}  // namespace
}  // namespace sklab
