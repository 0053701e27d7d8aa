// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/load_attempt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "harness/kernel/instructions.h"

namespace sklab {
namespace {

using namespace instructions;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(AttemptLoad, AcceptsAProgram) {
  const Code code(move(BPF_REG_0, SK_PASS), leave());
  const LoadAttempt attempt = attempt_load(code.all());
  EXPECT_TRUE(attempt.accepted()) << attempt.text();
  EXPECT_EQ(attempt.error_number, 0);
  EXPECT_THAT(attempt.verifier_message, IsEmpty());
  EXPECT_EQ(attempt.text(), "accepted");
}

TEST(AttemptLoad, ARefusalIsToldInTheVerifiersWords) {
  const Code code(leave());
  const LoadAttempt attempt = attempt_load(code.all());
  EXPECT_FALSE(attempt.accepted());
  EXPECT_EQ(attempt.error_number, EACCES);
  EXPECT_EQ(attempt.verifier_message, "R0 !read_ok");
  EXPECT_EQ(attempt.text(), "EACCES: R0 !read_ok");
}

TEST(VerifierMessage, IsWithoutItsExplanation) {
  EXPECT_EQ(verifier_message("0: R1=ctx() R10=fp0\n"
                             "0: (b7) r2 = 5\n"
                             "R2 type=scalar expected=sock\n"
                             "\n"
                             "Verification failed: Call Type Safety: Invalid call argument\n"
                             "\n"
                             "Reason:\n"
                             "  a sentence about R2\n"
                             "\n"
                             "Suggestion:\n"
                             "  something else\n"
                             "\n"
                             "processed 1 insns (limit 1000000) max_states_per_insn 0\n"),
            "R2 type=scalar expected=sock");
}

// A refusal leaves nothing behind in the log that they share.
TEST(AttemptLoad, AttemptsAreIndependent) {
  const Code bad(leave());
  const Code good(move(BPF_REG_0, SK_PASS), leave());
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(attempt_load(bad.all()).accepted());
    EXPECT_THAT(attempt_load(good.all()).verifier_message, IsEmpty());
    // Refused before there is a log.
    EXPECT_THAT(attempt_load({}).verifier_message, IsEmpty());
  }
}

TEST(AttemptLoad, OnlyOneAttachTypeFitsTheProgramType) {
  const Code code(move(BPF_REG_0, SK_PASS), leave());
  for (int type = 0; type < __MAX_BPF_ATTACH_TYPE; ++type) {
    const auto attach_type = static_cast<bpf_attach_type>(type);
    const LoadAttempt attempt = attempt_load(code.all(), BPF_PROG_TYPE_SK_LOOKUP, attach_type);
    EXPECT_EQ(attempt.error_number, attach_type == BPF_SK_LOOKUP ? 0 : EINVAL) << type;
  }
}

TEST(AttemptLoad, OtherProgramTypes) {
  // A socket filter may return anything.
  const Code code(move(BPF_REG_0, 77), leave());
  EXPECT_TRUE(attempt_load(code.all(), BPF_PROG_TYPE_SOCKET_FILTER, {}).accepted());
  EXPECT_FALSE(attempt_load(code.all()).accepted());
}

TEST(VerifierMessage, IsWhatStandsBetweenInstructionsAndStatistics) {
  EXPECT_EQ(verifier_message("0: R1=ctx() R10=fp0\n0: (95) exit\nR0 !read_ok\n"
                             "processed 1 insns (limit 1000000) max_states_per_insn 0\n"),
            "R0 !read_ok");
  EXPECT_EQ(verifier_message("func#0 @0\n0: (b7) r0 = 2  ; R0_w=2\n1: (95) exit\n"
                             "At program exit the register R0 has smin=2 smax=2 should have been "
                             "in [0, 1]\nprocessed 2 insns\n"),
            "At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]");
}

TEST(VerifierMessage, SeveralLinesAreJoined) {
  EXPECT_EQ(verifier_message("12: (95) exit\nUnreleased reference id=2 alloc_insn=7\n"
                             "BPF_EXIT instruction would lead to reference leak\nprocessed 9\n"),
            "Unreleased reference id=2 alloc_insn=7; "
            "BPF_EXIT instruction would lead to reference leak");
}

TEST(VerifierMessage, WithoutOneItIsEmpty) {
  EXPECT_EQ(verifier_message(""), "");
  EXPECT_EQ(verifier_message("\n\n"), "");
  EXPECT_EQ(verifier_message("0: (b7) r0 = 0\n1: (95) exit\nprocessed 2 insns\n"), "");
  EXPECT_EQ(verifier_message("no line end"), "no line end");
}

}  // namespace
}  // namespace sklab
