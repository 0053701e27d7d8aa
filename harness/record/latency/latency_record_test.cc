// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/lines.h"
#include "harness/record/latency/example_latency.h"
#include "harness/record/latency/latency_charts.h"
#include "harness/record/latency/latency_json.h"
#include "harness/record/latency/latency_table.h"
#include "harness/record/latency/percentile_file.h"
#include "harness/record/latency/percentile_picture.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

size_t count_in(const std::string &text, const std::string &part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(LatencyJsonTest, IsReadAgainAsItWas) {
  const std::string text = latency_json(example_latency());
  const auto again = parse_latency_json(text);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(latency_json(*again), text);
  EXPECT_FALSE(parse_latency_json("{}"));
}

TEST(LatencyTableTest, FitsALetter) {
  LatencyRecord record = example_latency();
  record.complete = false;
  const std::string table = latency_table(record);
  for (std::string_view rest = table; !rest.empty();) {
    const std::string_view line = take_line(rest);
    EXPECT_LE(line.size(), 72U) << line;
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  }
  EXPECT_THAT(table, HasSubstr("INTERRUPTED"));
  EXPECT_THAT(table, HasSubstr("udp4, 20000 requests/s; microseconds"));
  EXPECT_THAT(table, HasSubstr("tcp4, 5000 requests/s, 10000 more sockets"));
  EXPECT_THAT(table, HasSubstr("    3.408    3.408    85.20        -        -    102.2"));
  EXPECT_THAT(table, HasSubstr("+0.048 +-0.008"));
  EXPECT_THAT(table, HasSubstr("lpm_10           FAILED"));
  EXPECT_THAT(table, HasSubstr("998 link updates a second, each 1.622 us"));
  EXPECT_THAT(latency_table(example_latency()), Not(HasSubstr("INTERRUPTED")));
}

TEST(LatencyTableTest, SaysWhatCoordinatedOmissionWouldHide) {
  EXPECT_THAT(latency_table(example_latency()),
              HasSubstr("by requests' own time p99 of key_off would"));
  LatencyRecord record = example_latency();
  for (LatencySectionRecord &section : record.sections) {
    for (LatencyRowRecord &row : section.rows) {
      for (LatencyPercentile &one : row.percentiles) one.since_sent_ns = one.latency_ns.value;
    }
  }
  EXPECT_THAT(latency_table(record), Not(HasSubstr("omission")));
}

TEST(LatencyChartsTest, AChurnIsBesideWhatItIsComparedWith) {
  const LatencyRecord record = example_latency();
  const auto charts = latency_charts(record.sections[0]);
  ASSERT_EQ(charts.size(), 2U) << "rows without numbers are in none";
  EXPECT_EQ(charts[0].rows.size(), 4U);
  EXPECT_THAT(charts[1].title, HasSubstr("churn: link"));
  ASSERT_EQ(charts[1].rows.size(), 2U);
  EXPECT_EQ(charts[1].rows[0]->name, "series");
  EXPECT_EQ(charts[1].rows[1]->name, "link_1000");
  EXPECT_TRUE(latency_charts({}).empty());
}

TEST(PercentilePictureTest, HasACurveARowAndEscapesNames) {
  LatencyRecord record = example_latency();
  const std::string picture = percentile_picture(record);
  EXPECT_EQ(count_in(picture, "<g "), 3U);
  EXPECT_EQ(count_in(picture, "</title></polyline>"), 7U);
  EXPECT_THAT(picture, HasSubstr("a row | of the &lt;example&gt;"));
  record.sections.clear();
  EXPECT_THAT(percentile_picture(record), HasSubstr("</svg>"));
}

TEST(PercentileFileTest, EndsWithAllRequests) {
  const LatencyRecord record = example_latency();
  const LatencySectionRecord &section = record.sections[0];
  const std::string file = percentile_file(section.rows[2]);
  EXPECT_THAT(file, HasSubstr("       3.409 0.961538461538        100          26.00\n"));
  EXPECT_THAT(file, HasSubstr(" 1.000000000000        104\n#[Mean    =        5.112"));
  EXPECT_EQ(percentile_file_name(section, section.rows[2]), "udp4_20000_pass.hgrm");
  EXPECT_EQ(percentile_file_name(record.sections[1], record.sections[1].rows[0]),
            "tcp4_5000_10000-sockets_key_off.hgrm");
}

}  // namespace
}  // namespace sklab
