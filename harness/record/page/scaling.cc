// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/scaling.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

namespace sklab {
namespace {

struct ScaledRow {
  std::string table;   // "udp4_programs"
  std::string series;  // what is attached, and where the sockets are
  double count = 0;
};

std::optional<double> number_at_start(std::string_view &text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number;
}

// The part of a name after '/', of the tables whose names end with `tables`.
std::optional<std::string_view> row_of(std::string_view name, std::string_view tables) {
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos || !name.substr(0, slash).ends_with(tables)) return {};
  return name.substr(slash + 1);
}

std::string table_of(std::string_view name) { return std::string(name.substr(0, name.find('/'))); }

std::optional<ScaledRow> programs_row(const RowRecord &row) {
  auto rest = row_of(row.name, "_programs");
  if (!rest) return std::nullopt;
  if (*rest == "none") return ScaledRow{table_of(row.name), "none", 0};
  const auto count = number_at_start(*rest);
  if (!count || !rest->empty()) return std::nullopt;
  return ScaledRow{table_of(row.name), "programs that pass", *count};
}

std::optional<ScaledRow> sockets_row(const RowRecord &row) {
  auto rest = row_of(row.name, "_sockets");
  if (!rest) return std::nullopt;
  for (const auto &[prefix, where] :
       {std::pair("spread_", "spread"), std::pair("collide_", "in one bucket")}) {
    if (!rest->starts_with(prefix)) continue;
    rest->remove_prefix(std::string_view(prefix).size());
    const auto count = number_at_start(*rest);
    if (!count || (!rest->empty() && *rest != "_assign_sockmap")) return std::nullopt;
    const std::string what = rest->empty() ? ", no program" : ", assigned";
    return ScaledRow{table_of(row.name), where + what, *count};
  }
  return std::nullopt;
}

ChartSeries &series_of(PageChart &chart, const std::string &name) {
  auto &all = name == "none" ? chart.baseline : chart.series;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const ChartSeries &series) { return series.name == name; });
  if (found != all.end()) return *found;
  return all.emplace_back(ChartSeries{name, {}});
}

using Classify = std::optional<ScaledRow>(const RowRecord &);

std::vector<PageChart> charts_of(const RunRecord &record, Classify *classify,
                                 const PageChart &empty) {
  std::vector<PageChart> charts;
  for (const RowRecord &row : record.rows) {
    const auto scaled = classify(row);
    if (!scaled || row.status != RowStatus::kOk) continue;
    auto chart = std::find_if(charts.begin(), charts.end(),
                              [&](const PageChart &one) { return one.title == scaled->table; });
    if (chart == charts.end()) {
      charts.push_back(empty);
      charts.back().title = scaled->table;
      chart = std::prev(charts.end());
    }
    series_of(*chart, scaled->series).points.push_back({scaled->count, row.latency_ns});
  }
  for (PageChart &chart : charts) {
    for (ChartSeries &series : chart.series) {
      std::sort(series.points.begin(), series.points.end(),
                [](const ChartPoint &a, const ChartPoint &b) { return a.x < b.x; });
    }
  }
  std::erase_if(charts, [](const PageChart &chart) { return chart.series.empty(); });
  return charts;
}

PageChart empty_chart(std::string x_title, std::string x_scale) {
  PageChart chart;
  chart.x_title = std::move(x_title);
  chart.y_title = "ns/lookup";
  chart.x_scale = std::move(x_scale);
  chart.y_scale = "log10";
  return chart;
}

}  // namespace

std::vector<PageSection> scaling_sections(const RunRecord &record, const std::string &suffix) {
  PageSection programs{
      .id = "programs" + suffix,
      .title = "Cost by number of programs",
      .text = {"Every program returns SK_PASS, so all of them run. Both axes are logarithmic. Bars "
               "are 95 % intervals of the median."},
      .charts = charts_of(record, programs_row, empty_chart("programs attached", "log2")),
      .tables = {}};
  PageSection sockets{
      .id = "sockets" + suffix,
      .title = "Cost by number of sockets",
      .text =
          {"More sockets beside the one that is looked up: spread over the hashtable, or all in "
           "its bucket. Both axes are logarithmic. Bars are 95 % intervals of the median."},
      .charts = charts_of(record, sockets_row, empty_chart("more sockets", "log10")),
      .tables = {}};
  std::vector<PageSection> sections;
  for (PageSection *section : {&programs, &sockets}) {
    if (!section->charts.empty()) sections.push_back(std::move(*section));
  }
  return sections;
}

}  // namespace sklab
