// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/kernel_gate.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

ComparedCell counted(double instructions, Verdict verdict) {
  ComparedCell cell;
  cell.status = RowStatus::kOk;
  cell.per_lookup = instructions;
  cell.verdict = verdict;
  return cell;
}

CompareRecord comparison_of(std::vector<ComparedRow> rows) {
  CompareRecord comparison;
  comparison.kernels = {{"base", "6.1", "", {}, ""}, {"candidate", "bzImage", "", {}, ""}};
  comparison.rows = std::move(rows);
  return comparison;
}

GateRow only_row(const CompareRecord &comparison, double growth = 0) {
  Threshold threshold;
  threshold.size_growth = growth;
  const GateRecord record = gate_of(comparison, Thresholds(threshold));
  EXPECT_EQ(record.rows.size(), 1U);
  EXPECT_EQ(record.verdict, record.rows.front().verdict);
  return record.rows.front();
}

CompareRecord from_to(double base, double candidate) {
  return comparison_of({{"udp4/pass",
                         "a program passes",
                         "probe",
                         {counted(base, Verdict::kNoChange),
                          counted(candidate, candidate > base   ? Verdict::kRegression
                                             : candidate < base ? Verdict::kImprovement
                                                                : Verdict::kNoChange)},
                         {}}});
}

TEST(KernelGate, OneInstructionMoreIsARegression) {
  EXPECT_EQ(only_row(from_to(343, 343)).verdict, Verdict::kNoChange);
  EXPECT_EQ(only_row(from_to(343, 342)).verdict, Verdict::kImprovement);
  const GateRow row = only_row(from_to(343, 344));
  EXPECT_EQ(row.verdict, Verdict::kRegression);
  EXPECT_EQ(row.reason, "+1 exactly");
  EXPECT_EQ(row.base.value, 343);
  EXPECT_EQ(row.candidate.value, 344);
}

TEST(KernelGate, ThresholdsLetItGrow) {
  EXPECT_EQ(only_row(from_to(1000, 1010), 0.01).verdict, Verdict::kNoChange);
  EXPECT_EQ(only_row(from_to(1000, 1011), 0.01).verdict, Verdict::kRegression);
}

TEST(KernelGate, ARowThatFailedOrIsNotExactIsNoNumber) {
  CompareRecord failed = from_to(343, 343);
  failed.rows[0].cells[1].status = RowStatus::kFailed;
  failed.rows[0].cells[1].reason = "the wrong socket";
  EXPECT_EQ(only_row(failed).verdict, Verdict::kFailed);
  EXPECT_EQ(only_row(failed).reason, "the wrong socket");
  CompareRecord inexact = from_to(343, 344);
  inexact.rows[0].cells[1].verdict = Verdict::kInconclusive;
  EXPECT_EQ(only_row(inexact).verdict, Verdict::kInconclusive);
}

TEST(KernelGate, AnAnswerThatIsWrongOnTheCandidateAloneFails) {
  CompareRecord comparison = comparison_of({});
  comparison.changed_cases = {{"delivery/udp", {"pass", "fail"}, {"", "3 mismatches"}}};
  EXPECT_EQ(only_row(comparison).verdict, Verdict::kFailed);
  EXPECT_EQ(only_row(comparison).name, "delivery/udp");
  comparison.changed_cases[0].results = {"fail", "pass"};
  EXPECT_TRUE(gate_of(comparison, Thresholds()).rows.empty());
}

TEST(KernelGate, AKernelThatFellFails) {
  CompareRecord comparison = comparison_of({});
  comparison.kernels[1].trouble = "Kernel panic - not syncing";
  EXPECT_EQ(only_row(comparison).verdict, Verdict::kFailed);
}

}  // namespace
}  // namespace sklab
