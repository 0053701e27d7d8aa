// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/wrap.h"

#include <gtest/gtest.h>

#include <sstream>

namespace sklab {
namespace {

TEST(Wrap, ShortTextIsOneLine) {
  EXPECT_EQ(wrap("a  b\nc", 2, 4), "  a b c\n");
  EXPECT_EQ(wrap("", 0, 4), "\n");
}

TEST(Wrap, KeepsAllWordsWithinTheColumns) {
  for (size_t length = 1; length < 30; ++length) {
    std::string text;
    for (int i = 0; i < 60; ++i) text += std::string(length, 'x') + " ";
    std::istringstream lines(wrap(text, 1, 3));
    size_t words = 0;
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), kTextColumns);
      EXPECT_EQ(line.find('x'), words == 0 ? 1U : 3U);
      std::istringstream of_line(line);
      for (std::string word; of_line >> word; ++words) EXPECT_EQ(word.size(), length);
    }
    EXPECT_EQ(words, 60U);
  }
}

TEST(Wrap, CutsAWordThatIsTooLong) {
  EXPECT_EQ(wrap(std::string(300, 'x') + " y", 2, 2), "  " + std::string(98, 'x') + "\n  y\n");
}

TEST(Wrap, IsAsWideAsItIsToldTo) {
  EXPECT_EQ(wrap("a b c", 0, 1, 3), "a b\n c\n");
  EXPECT_EQ(wrap("abcde", 0, 1, 4), "abcd\n");
}

TEST(Clipped, SaysThatSomethingIsMissing) {
  EXPECT_EQ(clipped("", 3), "");
  EXPECT_EQ(clipped("abcde", 5), "abcde");
  EXPECT_EQ(clipped("abcdef", 5), "ab...");
}

}  // namespace
}  // namespace sklab
