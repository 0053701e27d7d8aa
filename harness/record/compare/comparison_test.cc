// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/record/conform_json.h"
#include "harness/record/instructions/example_instructions.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A count of 16 lookups.
InstructionRow row_of_16(int64_t instructions, uint64_t residue = 0) {
  InstructionRow row = example_instructions().rows.front();
  row.instructions = instructions;
  row.lookups = 16;
  row.residue = residue;
  row.instructions_per_lookup = static_cast<double>(instructions) / 16;
  return row;
}

InstructionRow without_count(RowStatus status) {
  InstructionRow row = row_of_16(0);
  row.status = status;
  row.reason = "made up";
  row.lookups = 0;
  return row;
}

// The one row of a base and another kernel.
ComparedRow compare_two(const InstructionRow &base, const InstructionRow &row) {
  InstructionRecord bases;
  bases.rows = {base};
  InstructionRecord others;
  others.rows = {row};
  const auto rows = compare_rows({bases, others});
  EXPECT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.front().cells.size(), 2U);
  return rows.front();
}

TEST(CompareRows, ExactCountsAreTheSameOrChanged) {
  for (int64_t base = -2; base <= 2; ++base) {
    for (int64_t other = -2; other <= 2; ++other) {
      const ComparedRow row = compare_two(row_of_16(base), row_of_16(other));
      EXPECT_EQ(row.cells[0].verdict, Verdict::kNoChange);
      EXPECT_EQ(row.cells[0].delta, 0);
      EXPECT_EQ(row.cells[1].delta, static_cast<double>(other - base) / 16);
      EXPECT_EQ(row.cells[1].verdict, other == base  ? Verdict::kNoChange
                                      : other > base ? Verdict::kRegression
                                                     : Verdict::kImprovement);
      EXPECT_EQ(is_changed(row), other != base);
      EXPECT_FALSE(may_be_changed(row));
    }
  }
}

TEST(CompareRows, ResidueHidesAChangeThatIsNotGreater) {
  for (uint64_t base = 0; base <= 3; ++base) {
    for (uint64_t other = 0; other <= 3; ++other) {
      for (int64_t change = -8; change <= 8; ++change) {
        const ComparedRow row = compare_two(row_of_16(160, base), row_of_16(160 + change, other));
        const auto hidden = static_cast<int64_t>(base + other);
        const Verdict expected = change > hidden    ? Verdict::kRegression
                                 : change < -hidden ? Verdict::kImprovement
                                 : hidden == 0      ? Verdict::kNoChange
                                                    : Verdict::kInconclusive;
        EXPECT_EQ(row.cells[1].verdict, expected) << base << " " << other << " " << change;
        EXPECT_EQ(row.cells[1].residue, other);
        EXPECT_EQ(row.cells[0].verdict, Verdict::kNoChange) << "the base is what it is";
        EXPECT_EQ(is_changed(row),
                  expected == Verdict::kRegression || expected == Verdict::kImprovement);
        EXPECT_EQ(may_be_changed(row), expected == Verdict::kInconclusive);
      }
    }
  }
}

TEST(CompareRows, ARowThatIsDefinedOtherwiseIsNotCompared) {
  InstructionRow other = row_of_16(320);
  other.definition += "# and more\n";
  const ComparedRow row = compare_two(row_of_16(160), other);
  EXPECT_EQ(row.cells[1].verdict, Verdict::kInconclusive);
  EXPECT_FALSE(row.cells[1].delta);
  EXPECT_THAT(row.cells[1].reason, HasSubstr("not the same row"));
  EXPECT_EQ(row.cells[1].per_lookup, 20);
  EXPECT_FALSE(is_changed(row));
  EXPECT_TRUE(may_be_changed(row));
}

TEST(CompareRows, ARowThatIsMissingIsSkippedWithTheReason) {
  InstructionRow other = row_of_16(320);
  other.name = "udp4/other";
  const ComparedRow row = compare_two(row_of_16(160), other);
  EXPECT_EQ(row.name, row_of_16(160).name);
  EXPECT_EQ(row.cells[1].status, RowStatus::kSkipped);
  EXPECT_EQ(row.cells[1].verdict, Verdict::kSkipped);
  EXPECT_THAT(row.cells[1].reason, HasSubstr("does not have it"));
  EXPECT_FALSE(is_changed(row) || may_be_changed(row));
}

TEST(CompareRows, WithoutACountOnEitherSideThereIsNoDelta) {
  const InstructionRow rows[] = {row_of_16(160), without_count(RowStatus::kFailed),
                                 without_count(RowStatus::kSkipped)};
  for (const InstructionRow &base : rows) {
    for (const InstructionRow &other : rows) {
      if (base.status == RowStatus::kOk && other.status == RowStatus::kOk) continue;
      const ComparedRow row = compare_two(base, other);
      EXPECT_FALSE(row.cells[1].delta);
      EXPECT_EQ(row.cells[1].reason, other.reason);
      EXPECT_EQ(row.cells[1].verdict,
                other.status == RowStatus::kFailed ? Verdict::kFailed : Verdict::kSkipped);
      EXPECT_FALSE(is_changed(row));
      EXPECT_EQ(may_be_changed(row),
                base.status == RowStatus::kFailed || other.status == RowStatus::kFailed);
    }
  }
}

TEST(CompareRows, AreTheBasesInItsOrderWithACellForEachKernel) {
  const InstructionRecord base = example_instructions();
  InstructionRecord other = base;
  std::reverse(other.rows.begin(), other.rows.end());
  const auto rows = compare_rows({base, other, base});
  ASSERT_EQ(rows.size(), base.rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].name, base.rows[i].name);
    EXPECT_EQ(rows[i].title, base.rows[i].title);
    EXPECT_EQ(rows[i].path, base.rows[i].path);
    EXPECT_EQ(rows[i].cells.size(), 3U);
    EXPECT_FALSE(is_changed(rows[i]));
  }
}

TEST(CaseResults, AreReadOfWhatConformWrites) {
  ConformRecord record;
  CaseGroupRecord group;
  group.name = "assign";
  for (const CaseStatus status :
       {CaseStatus::kPass, CaseStatus::kFail, CaseStatus::kExpectedFail, CaseStatus::kSkip}) {
    CaseRecord one;
    one.name = status_name(status);
    one.status = status;
    one.reason = "because of " + one.name;
    group.cases.push_back(one);
  }
  record.groups = {group};
  const auto results = parse_case_results(conform_json(record));
  ASSERT_TRUE(results) << results.error().message();
  ASSERT_EQ(results->size(), 4U);
  for (const char *name : {"pass", "fail", "xfail", "skip"}) {
    const CaseResult &one = results->at(std::string("assign/") + name);
    EXPECT_EQ(one.result, name);
    EXPECT_EQ(one.reason, std::string("because of ") + name);
  }
}

TEST(CaseResults, OfAnythingElseAreAnError) {
  for (const char *text :
       {"", "{", "[]", "3", "{}", R"({"cases": 1})", R"({"cases": [1]})", R"({"cases": [{}]})",
        R"({"cases": [{"group": "a", "name": "b", "result": "pass"}]})",
        R"({"cases": [{"group": 1, "name": "b", "result": "pass", "reason": ""}]})"}) {
    const auto results = parse_case_results(text);
    ASSERT_FALSE(results) << text;
    EXPECT_EQ(results.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(results.error().message(), HasSubstr("conform.json"));
  }
  EXPECT_TRUE(parse_case_results(R"({"cases": []})").value().empty());
}

TEST(CompareCases, AreChangedIfAnyResultDiffers) {
  const std::vector<std::string> results = {"pass", "fail", "xfail", "skip", ""};
  const auto kernel_with = [](const std::string &result) {
    // "" is a case that is not there.
    CaseResults kernel = {{"g/other", {"pass", ""}}};
    if (!result.empty()) kernel["g/c"] = {result, "why " + result};
    return kernel;
  };
  for (const std::string &a : results) {
    for (const std::string &b : results) {
      for (const std::string &c : results) {
        const auto changed = compare_cases({kernel_with(a), kernel_with(b), kernel_with(c)});
        ASSERT_EQ(changed.size(), a == b && b == c ? 0U : 1U) << a << b << c;
        if (changed.empty()) continue;
        EXPECT_EQ(changed[0].name, "g/c");
        EXPECT_THAT(changed[0].results, ElementsAre(a, b, c));
        EXPECT_EQ(changed[0].reasons[0], a.empty() ? "" : "why " + a);
      }
    }
  }
}

TEST(CompareCases, OfAKernelThatCouldNotBeAskedAreNotCompared) {
  const CaseResults pass = {{"g/c", {"pass", ""}}};
  const CaseResults fail = {{"g/c", {"fail", ""}}};
  EXPECT_TRUE(compare_cases({pass, {}}).empty());
  EXPECT_TRUE(compare_cases({pass, {}, pass}).empty());
  const auto changed = compare_cases({pass, {}, fail});
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_THAT(changed[0].results, ElementsAre("pass", "", "fail"));
}

TEST(CompareCases, AreNotChangedByReasonsAlone) {
  EXPECT_TRUE(compare_cases({{{"g/c", {"fail", "one"}}}, {{"g/c", {"fail", "two"}}}}).empty());
  EXPECT_TRUE(compare_cases({{}, {}}).empty());
}

}  // namespace
}  // namespace sklab
