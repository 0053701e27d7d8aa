// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/source_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::HasSubstr;

constexpr char kSource[] = R"(static int first(int a);
#define RUN(array) \
	({ first(1); \
	   first(2); })

static int first(int a)
{
	if (a > 1)
		return second(a);
	return 1;
}

BPF_CALL_1(second, int, a)
{
	return first(a) + 1;
}
)";

TEST(SourceChange, IsMadeInTheFunction) {
  const auto first = edited(kSource, {{"a.c", "first", "return 1;", "return 2;"}});
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_THAT(*first, HasSubstr("return 2;\n}\n\nBPF_CALL_1"));
  const auto second = edited(kSource, {{"a.c", "second", "+ 1", "+ 2"}});
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_THAT(*second, HasSubstr("return first(a) + 2;"));
  const auto macro = edited(kSource, {{"a.c", "RUN", "first", "other", 2}});
  ASSERT_TRUE(macro) << macro.error().message();
  EXPECT_THAT(*macro, HasSubstr("other(2); })"));
}

TEST(SourceChange, EditsAreOfTheSourceAsItWas) {
  const SourceEdit one{"a.c", "first", "return 1;", "return 2;"};
  const auto both = edited(kSource, {one, {"a.c", "first", "a > 1", "a > 1 && (return 1;)"}});
  ASSERT_TRUE(both) << both.error().message();
  EXPECT_THAT(*both, HasSubstr("return 2;\n}"));
  EXPECT_FALSE(edited(kSource, {one, {"a.c", "first", "1;\n}", "3;\n}"}}));
  EXPECT_FALSE(edited(kSource, {one, one}));
}

TEST(SourceChange, WhatDoesNotFitIsRefused) {
  for (const SourceEdit &edit :
       {SourceEdit{"a.c", "third", "1", "2"}, SourceEdit{"a.c", "first", "+ 1", "+ 2"},
        SourceEdit{"a.c", "first", "return", "goto"},
        SourceEdit{"a.c", "second", "+ 1", "+ 2", 2}}) {
    const auto text = edited(kSource, {edit});
    ASSERT_FALSE(text) << edit.find;
    EXPECT_EQ(text.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(text.error().message(), HasSubstr("a.c"));
  }
}

}  // namespace
}  // namespace sklab
