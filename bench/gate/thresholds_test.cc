// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/thresholds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(Thresholds, TheLastEntryThatSpeaksOfARowDecides) {
  const auto thresholds = Thresholds::parse(R"(
change = "3%"
[[threshold]]
rows = "^udp4/"
change = "1%"
[[threshold]]
rows = "/pass$"
absolute_floor_ns = 2
)",
                                            "t.toml");
  ASSERT_TRUE(thresholds) << thresholds.error().message();
  EXPECT_DOUBLE_EQ(thresholds->of("tcp4/drop").change, 0.03);
  EXPECT_DOUBLE_EQ(thresholds->of("udp4/drop").change, 0.01);
  EXPECT_DOUBLE_EQ(thresholds->of("udp4/pass").change, 0.01);
  EXPECT_DOUBLE_EQ(thresholds->of("udp4/pass").absolute_floor_ns, 2);
  EXPECT_DOUBLE_EQ(thresholds->of("udp4/drop").absolute_floor_ns, Threshold{}.absolute_floor_ns);
}

TEST(Thresholds, WhatAFileLeavesOpenStays) {
  const auto thresholds = Thresholds::parse("absolute_floor_ns = 2", "t.toml", {.change = 0.05});
  ASSERT_TRUE(thresholds) << thresholds.error().message();
  EXPECT_DOUBLE_EQ(thresholds->of("udp4/pass").change, 0.05);
  EXPECT_DOUBLE_EQ(thresholds->of("udp4/pass").absolute_floor_ns, 2);
}

TEST(Thresholds, AMistakeIsNamedWithItsLine) {
  const std::pair<const char *, const char *> mistakes[] = {
      {"change = \"2%\"\nchnage = \"1%\"", "t.toml:2; unknown key 'chnage'"},
      {"change = 2", "t.toml:1; this wants a percentage in quotes"},
      {"size_growth = \"-1%\"", "t.toml:1; this wants a percentage in quotes"},
      {"change = \"0%\"", "t.toml:1; change wants more than 0%"},
      {"absolute_floor_ns = -1", "t.toml:1; absolute_floor_ns wants"},
      {"[[threshold]]\nchange = \"1%\"", "t.toml:1; a [[threshold]] wants rows"},
      {"[[threshold]]\nrows = \"(\"", "t.toml:2; read the regular expression of rows '('"},
      {"[[threshold]]\nrows = \"a\"\nabsolute = 1", "t.toml:3; unknown key 'absolute'"},
      {"threshold = 1", "t.toml:1; unknown key 'threshold'"},
      {"change = ", "t.toml:1"},
  };
  for (const auto &[text, message] : mistakes) {
    const auto thresholds = Thresholds::parse(text, "t.toml");
    ASSERT_FALSE(thresholds) << text;
    EXPECT_EQ(thresholds.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(thresholds.error().message(), testing::HasSubstr(message));
  }
  EXPECT_FALSE(Thresholds::read("/no/such/file"));
}

}  // namespace
}  // namespace sklab
