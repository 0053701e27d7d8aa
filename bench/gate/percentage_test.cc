// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/percentage.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(ParsePercentage, TakesNothingElse) {
  EXPECT_DOUBLE_EQ(*parse_percentage("10%"), 0.1);
  EXPECT_DOUBLE_EQ(*parse_percentage("0.5 %"), 0.005);
  for (const char *text : {"", "10", "%", "-1%", "10%%", "1e9%", "nan%", "ten%"}) {
    EXPECT_FALSE(parse_percentage(text)) << text;
  }
}

}  // namespace
}  // namespace sklab
