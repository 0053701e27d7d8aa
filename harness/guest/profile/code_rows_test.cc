// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/code_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sklab {
namespace {

constexpr char kThisProgram[] = "/proc/self/exe";

bool is_this_file(std::string_view file) { return file.ends_with("code_rows_test.cc"); }

// Lines of these are looked for below.
__attribute__((noinline)) int code_rows_callee(int number) { return number * 3; }
constexpr int kCalleeLine = __LINE__ - 1;
inline __attribute__((always_inline)) int code_rows_inlined(int number) {
  return code_rows_callee(number) + 1;
}
constexpr int kInlinedLine = __LINE__ - 2;
__attribute__((noinline)) int code_rows_caller(int number) {
  return code_rows_inlined(number) + code_rows_callee(number + 1);
}

std::vector<CodeRow> rows_of_line(const CodeOfFiles &code, unsigned line) {
  std::vector<CodeRow> rows;
  std::copy_if(code.rows.begin(), code.rows.end(), std::back_inserter(rows),
               [&](const CodeRow &row) { return is_this_file(row.file) && row.line == line; });
  return rows;
}

uint64_t begin_of(const CodeOfFiles &code, const std::string &function) {
  uint64_t begin = UINT64_MAX;
  for (const CodeRow &row : code.rows) {
    if (row.function == function) begin = std::min(begin, row.begin);
  }
  return begin;
}

// A unity build has this file in a unit of another name.
bool any_unit(std::string_view /*unit*/) { return true; }

TEST(CodeRows, AreOfTheInnermostFunction) {
  ASSERT_EQ(code_rows_caller(1), 10);
  const auto code = read_code_rows(kThisProgram, any_unit);
  ASSERT_TRUE(code) << code.error().message();
  const auto callee = rows_of_line(*code, kCalleeLine);
  ASSERT_FALSE(callee.empty()) << "this test needs debug information of itself";
  for (const CodeRow &row : callee) EXPECT_EQ(row.function, "code_rows_callee");
  const auto inlined = rows_of_line(*code, kInlinedLine);
  ASSERT_FALSE(inlined.empty());
  for (const CodeRow &row : inlined) {
    EXPECT_EQ(row.function, "code_rows_inlined");
    EXPECT_LT(row.begin, row.end);
  }
}

TEST(CodeRows, CallsAreFound) {
  ASSERT_EQ(code_rows_caller(0), 4);
  const auto code = read_code_rows(kThisProgram, any_unit);
  ASSERT_TRUE(code) << code.error().message();
  const uint64_t callee = begin_of(*code, "code_rows_callee");
  const auto calls = find_calls(kThisProgram, code->ranges, callee);
  ASSERT_TRUE(calls) << calls.error().message();
  EXPECT_GE(calls->size(), 2U);
  EXPECT_TRUE(std::is_sorted(calls->begin(), calls->end()));
  // Nobody calls into the middle of it.
  EXPECT_TRUE(find_calls(kThisProgram, code->ranges, callee + 1)->empty());
}

TEST(CodeRows, OfAFileThatIsNoProgramAreAnError) {
  EXPECT_FALSE(read_code_rows("/proc/self/cmdline", any_unit));
  EXPECT_FALSE(read_code_rows("/nonexistent", any_unit));
  EXPECT_FALSE(find_calls("/nonexistent", {}, 0));
}

TEST(CodeRows, OnlyWantedUnitsAreRead) {
  const auto none = read_code_rows(kThisProgram, [](std::string_view) { return false; });
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->rows.empty());
  EXPECT_TRUE(none->ranges.empty());
}

}  // namespace
}  // namespace sklab
