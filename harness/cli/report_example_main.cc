// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Writes the results that the test of the page makes pages of: FOLDER/plain, FOLDER/hostile with
// text that must not become markup, FOLDER/history, and FOLDER/sections.html, a page of sections
// only.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "fuzz/campaign/summary.h"
#include "harness/base/file.h"
#include "harness/cli/report_example.h"
#include "harness/record/compare/compare_json.h"
#include "harness/record/compare/example_compare.h"
#include "harness/record/conform_json.h"
#include "harness/record/flood/example_flood.h"
#include "harness/record/flood/flood_json.h"
#include "harness/record/flood/flood_summary.h"
#include "harness/record/gate_json.h"
#include "harness/record/latency/example_latency.h"
#include "harness/record/latency/latency_json.h"
#include "harness/record/page/page.h"
#include "harness/record/range/example_range.h"
#include "harness/record/range/range_json.h"
#include "harness/record/result_json.h"
#include "harness/record/test_record.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kHostile[] =
    " </script><script>throw Error('ran')</script><img src=x onerror=\"throw Error('ran')\"> "
    "<!--<script> ]]> & &lt; \"' \\ {{data}} \xe2\x80\xa8 \xf0\x9f\x90\xa7 \xff";

CompareRecord example_comparison(const std::string &text) {
  CompareRecord record = example_compare();
  for (ComparedKernel &kernel : record.kernels) kernel.name += text;
  for (ComparedRow &row : record.rows) {
    for (ChangedFunction &function : row.functions) function.name += text;
  }
  for (ChangedCase &one : record.changed_cases) one.name += text;
  for (std::string &warning : record.warnings) warning += text;
  return record;
}

FloodRecord example_flood(const std::string &text) {
  FloodRecord record = summarise_flood(example_flood_run(), "raw" + text);
  for (FloodFamily &family : record.families) {
    for (FloodRow &row : family.rows) row.reason += text;
  }
  for (std::string &warning : record.warnings) warning += text;
  return record;
}

Result<> write_results(const fs::path &folder, const std::string &text) {
  fs::create_directories(folder);
  SKLAB_CHECK(write_file_atomically(folder / "result.json", result_json(example_run(text))));
  SKLAB_CHECK(write_file_atomically(folder / "gate.json", gate_json(example_gate(text))));
  SKLAB_CHECK(write_file_atomically(folder / "conform.json", conform_json(example_conform(text))));
  SKLAB_CHECK(
      write_file_atomically(folder / "compare.json", compare_json(example_comparison(text))));
  SKLAB_CHECK(write_file_atomically(folder / "flood.json", flood_json(example_flood(text))));
  LatencyRecord latency = example_latency();
  latency.sections.front().rows.front().title += text;
  SKLAB_CHECK(write_file_atomically(folder / "latency.json", latency_json(latency)));
  RangeRecord range = example_range();
  range.families.front().rows.front().title += text;
  SKLAB_CHECK(write_file_atomically(folder / "range.json", range_json(range)));
  return write_file_atomically(folder / "summary.json", summary_json(example_campaign(text)));
}

Result<> write_history(const fs::path &history) {
  for (unsigned number = 1; number <= 24; ++number) {
    const RunRecord run = example_run_of_history(number);
    const fs::path folder = history / run.run_id;
    fs::create_directories(folder);
    SKLAB_CHECK(write_file_atomically(folder / "result.json", result_json(run)));
    SKLAB_CHECK(write_file_atomically(folder / "summary.json",
                                      summary_json(example_campaign_of_history(number))));
  }
  return Ok{};
}

// A section with everything that one can have.
PageSection example_section() {
  PageChart chart{.title = "Latency <b>by</b> day",
                  .x_title = "day",
                  .y_title = "us",
                  .x_scale = "time",
                  .y_scale = "linear",
                  .x_names = {},
                  .series = {},
                  .baseline = {{"target", {{0, {9, 9, 9}}}}}};
  for (int series = 0; series < 6; ++series) {
    chart.series.push_back({fmt::format("p{}", 50 + 9 * series), {}});
    for (int day = 0; day < 8; ++day) {
      const double y = 5 + series + 0.2 * day;
      chart.series.back().points.push_back({1.79e9 + 86400.0 * day, {y, y - 0.3, y + 0.4}});
    }
  }
  PageTable table{.caption = "Floods", .columns = {{"source", false}, {"rate", true}}, .rows = {}};
  for (int i = 0; i < 20; ++i) {
    table.rows.push_back({fmt::format("flood {}", i), 1000.0 / (1 + i % 7)});
  }
  return {"flood", "Under <i>flood</i>", {"One paragraph.", "Another."}, {chart}, {table}};
}

Result<> write_all(const fs::path &folder) {
  SKLAB_CHECK(write_results(folder / "plain", ""));
  SKLAB_CHECK(write_results(folder / "hostile", kHostile));
  PageContent sections;
  sections.sections = {example_section()};
  SKLAB_CHECK(write_file_atomically(folder / "sections.html", page_html(sections)));
  return write_history(folder / "history");
}

}  // namespace
}  // namespace sklab

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  const auto written = sklab::write_all(argv[1]);
  if (!written) fmt::print(stderr, "{}\n", written.error().message());
  return written ? 0 : 70;
}
