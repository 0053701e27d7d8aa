// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/symbols.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

constexpr std::string_view kKallsyms =
    "0000000000000000 A fixed_percpu_data\n"
    "ffffffff81000000 T _stext\n"
    "ffffffff81000000 T _text\n"
    "ffffffff81001000 t udp_queue_rcv_one_skb.part.0\n"
    "ffffffff81001100 T __softirqentry_text_end\n"
    "ffffffff81001100 T __x86_indirect_thunk_rax\n"
    "ffffffff81001200 t alias_local\n"
    "ffffffff81001200 T __ia32_sys_getppid\n"
    "ffffffff81001200 T __x64_sys_getppid\n"
    "ffffffff82000000 D data\n"
    "ffffffffc0000100 t veth_xmit\t[veth]\n"
    "ffffffffc0001000 t bpf_trampoline_42\t[bpf]\n"
    "ffffffffc0000800 t bpf_prog_6deef7357e7b4530_lookup\t[bpf]\n";

std::string name_at(uint64_t address) {
  const auto symbols = Symbols::parse(kKallsyms);
  EXPECT_TRUE(symbols);
  const Function *function = symbols->function_at(address);
  return function == nullptr ? "" : function->name;
}

TEST(Symbols, AddressesBelongToTheFunctionBefore) {
  EXPECT_EQ(name_at(0xffffffff80ffffff), "");
  EXPECT_EQ(name_at(0xffffffff81000fff), "_text");
  EXPECT_EQ(name_at(0xffffffff81001000), "udp_queue_rcv_one_skb.part.0");
  EXPECT_EQ(name_at(0xffffffffc0000fff), "bpf_prog_6deef7357e7b4530_lookup");
  EXPECT_EQ(name_at(0xffffffffffffffff), "bpf_trampoline_42");
  EXPECT_EQ(name_at(0x401000), "");
}

TEST(Symbols, OneNameIsChosenOfSeveral) {
  EXPECT_EQ(name_at(0xffffffff81001100), "__x86_indirect_thunk_rax");
  EXPECT_EQ(name_at(0xffffffff81001200), "__x64_sys_getppid");
}

TEST(Symbols, TellKindsOfCodeApart) {
  const auto symbols = Symbols::parse(kKallsyms);
  ASSERT_TRUE(symbols);
  EXPECT_EQ(symbols->kind_at(0x401000), CodeKind::kUser);
  EXPECT_EQ(symbols->kind_at(0xffffffff80000000), CodeKind::kUnknown);
  EXPECT_EQ(symbols->kind_at(0xffffffff81000000), CodeKind::kKernel);
  EXPECT_EQ(symbols->kind_at(0xffffffffc0000100), CodeKind::kModule);
  EXPECT_EQ(symbols->function_at(0xffffffffc0000100)->owner, "veth");
  EXPECT_EQ(symbols->kind_at(0xffffffffc0000800), CodeKind::kBpfProgram);
  EXPECT_EQ(symbols->kind_at(0xffffffffc0001000), CodeKind::kBpfTrampoline);
}

TEST(Symbols, NeedAddresses) {
  EXPECT_FALSE(Symbols::parse(""));
  EXPECT_FALSE(Symbols::parse("0000000000000000 T _text\n"));
  EXPECT_FALSE(Symbols::parse("no line of it\n"));
  EXPECT_FALSE(Symbols::parse("ffffffff81000000 T\n"));
}

TEST(CodeSymbols, AreWhatIsResolved) {
  const std::string code = code_symbols(kKallsyms);
  EXPECT_THAT(code, testing::Not(testing::HasSubstr("data")));
  const auto all = Symbols::parse(kKallsyms);
  const auto some = Symbols::parse(code);
  ASSERT_TRUE(all && some);
  EXPECT_EQ(all->functions().size(), some->functions().size());
  EXPECT_EQ(code_symbols("\n \nx\n"), "");
}

TEST(Symbols, AProgramsNameIsWithoutItsTag) {
  EXPECT_EQ(program_name("bpf_prog_57cd311f2e27366b_pass"), "pass");
  EXPECT_EQ(program_name("bpf_prog_57cd311f2e27366b_steer_pass"), "steer_pass");
  EXPECT_EQ(program_name("bpf_prog_57cd311f2e27366b"), "bpf_prog_57cd311f2e27366b");
  EXPECT_EQ(program_name("bpf_prog_"), "bpf_prog_");
  EXPECT_EQ(program_name("udp_rcv"), "udp_rcv");
}

TEST(SourceName, IsWithoutWhatCompilersAdd) {
  EXPECT_EQ(source_name("udp_rcv"), "udp_rcv");
  EXPECT_EQ(source_name("udp_rcv.isra.0"), "udp_rcv");
  EXPECT_EQ(source_name("udp_rcv.constprop.0.isra.12.cold"), "udp_rcv");
  EXPECT_EQ(source_name("udp_rcv.part.0.cold"), "udp_rcv");
  EXPECT_EQ(source_name("udp_rcv.llvm.1234567890"), "udp_rcv");
  EXPECT_EQ(source_name("other.suffix.0"), "other.suffix.0");
  EXPECT_EQ(source_name(".cold"), ".cold");
  EXPECT_EQ(source_name("123"), "123");
  EXPECT_EQ(source_name(""), "");
}

}  // namespace
}  // namespace sklab
