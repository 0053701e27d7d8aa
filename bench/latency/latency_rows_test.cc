// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/latency_rows.h"

#include <gtest/gtest.h>

#include <set>

namespace sklab {
namespace {

LatencySelection everything() {
  LatencySelection selection{{"udp4", "tcp6"}, {1000, 20000}, {}, {10, 1000}, 5000};
  for (const ChurnDescription &one : all_churn()) selection.churn.push_back(one.kind);
  return selection;
}

TEST(LatencyRowsTest, EveryRateIsMeasuredWithAndWithoutMoreSockets) {
  const auto sections = latency_sections(everything());
  EXPECT_EQ(sections.size(), 8U);
  for (const LatencySection &section : sections) {
    EXPECT_EQ(section.rows.size(), section.sockets == 0 ? 6 + 2 * all_churn().size() : 4);
  }
}

TEST(LatencyRowsTest, NamesAreUniqueAndReferencesThere) {
  for (const LatencySection &section : latency_sections(everything())) {
    std::set<std::string> names;
    for (const LatencyRowSpec &row : section.rows) {
      EXPECT_TRUE(names.insert(row.name).second) << row.name;
      EXPECT_TRUE(row.reference.empty() || names.contains(row.reference)) << row.name;
    }
  }
}

TEST(LatencyRowsTest, WhatSwitchesTheKeyStartsWithItOff) {
  const auto sections = latency_sections(everything());
  for (const LatencyRowSpec &row : sections.front().rows) {
    if (row.churn == ChurnKind::kKey) {
      EXPECT_EQ(row.steering, Steering::kNone);
    }
  }
}

TEST(LatencyRowsTest, WithoutARateOneThatSuitsIsTaken) {
  const auto sections = latency_sections({{"udp4", "tcp4"}, {}, {}, {}, 0});
  ASSERT_EQ(sections.size(), 2U);
  EXPECT_GT(sections[0].rate_per_second, sections[1].rate_per_second);
}

}  // namespace
}  // namespace sklab
