// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "harness/base/exit_code.h"

namespace sklab {
namespace {

using testing::ElementsAre;

constexpr ErrorKind kKinds[] = {ErrorKind::kUsage, ErrorKind::kUnavailable, ErrorKind::kMismatch,
                                ErrorKind::kHarness, ErrorKind::kInconclusive};

// The lines that the functions below got to.
using Trace = std::vector<int>;

Result<std::unique_ptr<int>> make(Trace &trace, int number, bool works) {
  trace.push_back(number);
  if (!works) return fail_as(ErrorKind::kMismatch, "make", std::to_string(number), EBUSY, "wait");
  return std::make_unique<int>(number);
}

Result<int> sum(Trace &trace, bool first_works, bool second_works) {
  SKLAB_TRY(const auto first, make(trace, 1, first_works));
  SKLAB_TRY(auto second, make(trace, 2, second_works));
  *second += *first;
  trace.push_back(3);
  return *second;
}

Result<> check_both(Trace &trace, bool first_works, bool second_works) {
  if (trace.empty()) SKLAB_CHECK(make(trace, 1, first_works));
  SKLAB_CHECK(make(trace, 2, second_works));
  trace.push_back(3);
  return Ok{};
}

void expect_error_of(int number, const Error &error) {
  EXPECT_EQ(error.kind, ErrorKind::kMismatch);
  EXPECT_EQ(error.operation, "make");
  EXPECT_EQ(error.object, std::to_string(number));
  EXPECT_EQ(error.error_number, EBUSY);
  EXPECT_EQ(error.hint, "wait");
}

TEST(ErrorMessage, IsOneLineWhateverIsInIt) {
  EXPECT_EQ(fail("open", "a\nb\x7f\x1b[2J\u00e4").value().message(),
            "open a\\x0ab\\x7f\\x1b[2J\u00e4");
}

TEST(ErrorMessage, HasEveryPartThatIsThere) {
  struct Case {
    const char *object;
    int error_number;
    const char *hint;
    const char *expected;
  };
  const Case cases[] = {
      {"", 0, "", "open"},
      {"/x", 0, "", "open /x"},
      {"", ENOENT, "", "open: No such file or directory (errno 2)"},
      {"", 0, "try", "open; try"},
      {"/x", ENOENT, "", "open /x: No such file or directory (errno 2)"},
      {"/x", 0, "try", "open /x; try"},
      {"", ENOENT, "try", "open: No such file or directory (errno 2); try"},
      {"/x", ENOENT, "try", "open /x: No such file or directory (errno 2); try"},
  };
  for (const Case &c : cases) {
    const Error error = fail("open", c.object, c.error_number, c.hint).value();
    EXPECT_EQ(error.message(), c.expected);
  }
}

TEST(ErrorMessage, DoesNotDependOnTheKind) {
  for (const ErrorKind kind : kKinds) {
    EXPECT_EQ(fail_as(kind, "open", "/x").value().message(), "open /x");
  }
}

// 524 is the kernel's ENOTSUPP, which has no name in user space.
TEST(ErrorMessage, IsOneLineForEveryErrno) {
  for (int error_number = 1; error_number < 600; ++error_number) {
    const std::string message = fail("attach", "", error_number).value().message();
    EXPECT_THAT(message, testing::Not(testing::HasSubstr("\n")));
    EXPECT_THAT(message, testing::EndsWith("(errno " + std::to_string(error_number) + ")"));
  }
}

TEST(Fail, IsTheHarnessUnlessToldOtherwise) {
  EXPECT_EQ(fail("open").value().kind, ErrorKind::kHarness);
  for (const ErrorKind kind : kKinds) EXPECT_EQ(fail_as(kind, "open").value().kind, kind);
}

TEST(ExitCodeFor, EachKindHasItsOwn) {
  const std::pair<ErrorKind, int> cases[] = {{ErrorKind::kUsage, 2},
                                             {ErrorKind::kUnavailable, 4},
                                             {ErrorKind::kMismatch, 1},
                                             {ErrorKind::kHarness, 70},
                                             {ErrorKind::kInconclusive, 5}};
  for (const auto &[kind, expected] : cases) {
    EXPECT_EQ(static_cast<int>(exit_code_for(kind)), expected);
  }
}

TEST(Try, DeclaresWhatItGot) {
  Trace trace;
  EXPECT_EQ(sum(trace, true, true).value_or(0), 3);
  EXPECT_THAT(trace, ElementsAre(1, 2, 3)) << "not evaluated once each";
}

TEST(Try, PassesTheErrorOnUnchangedAndStops) {
  Trace trace;
  const Result<int> first_fails = sum(trace, false, true);
  ASSERT_FALSE(first_fails.has_value());
  expect_error_of(1, first_fails.error());
  EXPECT_THAT(trace, ElementsAre(1));

  trace.clear();
  const Result<int> second_fails = sum(trace, true, false);
  ASSERT_FALSE(second_fails.has_value());
  expect_error_of(2, second_fails.error());
  EXPECT_THAT(trace, ElementsAre(1, 2));
}

TEST(Check, GoesOnOrPassesTheErrorOn) {
  for (const bool first_works : {false, true}) {
    for (const bool second_works : {false, true}) {
      Trace trace;
      const Result<> result = check_both(trace, first_works, second_works);
      EXPECT_EQ(result.has_value(), first_works && second_works);
      if (!result) expect_error_of(first_works ? 2 : 1, result.error());
      const size_t steps = !first_works ? 1 : second_works ? 3 : 2;
      EXPECT_EQ(trace.size(), steps) << "not evaluated once each";
    }
  }
}

}  // namespace
}  // namespace sklab
