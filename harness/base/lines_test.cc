// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/lines.h"

#include <gtest/gtest.h>

#include <vector>

namespace sklab {
namespace {

std::vector<std::string> all_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) lines.emplace_back(take_line(text));
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Lines, AreTakenOneByOne) {
  EXPECT_EQ(all_lines(""), Lines{});
  EXPECT_EQ(all_lines("\n"), Lines{""});
  EXPECT_EQ(all_lines("a"), Lines{"a"});
  EXPECT_EQ(all_lines("a\n"), Lines{"a"});
  EXPECT_EQ(all_lines("a\n\nb"), (Lines{"a", "", "b"}));
}

TEST(Lines, ThatAreWantedKeepTheirOrderAndEndInNewlines) {
  const auto is_b = [](std::string_view line) { return line.starts_with('b'); };
  EXPECT_EQ(lines_where("", is_b), "");
  EXPECT_EQ(lines_where("a\nc\n", is_b), "");
  EXPECT_EQ(lines_where("b1\na\nb2", is_b), "b1\nb2\n");
}

}  // namespace
}  // namespace sklab
