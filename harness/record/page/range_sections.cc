// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/range_sections.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string_view>

#include "harness/record/cells.h"

namespace sklab {
namespace {

struct RangeFigure {
  const char *title;
  const char *unit;
  double scale;  // of the record's unit
  std::optional<Estimate> (*figure_of)(const RangeRow &row);
  const char *y_scale;
};
constexpr RangeFigure kFigures[] = {
    {"requests", "requests/s", 1,
     [](const RangeRow &row) { return std::optional(row.requests_per_second); }, "linear"},
    {"latency, half of the requests", "us", 1e-3,
     [](const RangeRow &row) { return std::optional(row.latency_ns_p50); }, "linear"},
    {"latency, 99 of 100", "us", 1e-3,
     [](const RangeRow &row) { return std::optional(row.latency_ns_p99); }, "linear"},
    {"set-up", "ms", 1, [](const RangeRow &row) { return std::optional(row.setup_ms); }, "log10"},
    {"kernel memory", "MB", 1e-6, [](const RangeRow &row) { return row.memory_bytes; }, "log10"}};

// On a logarithmic scale nothing below 0 has a place: then there is no interval, or no point.
std::optional<Estimate> drawn(const RangeFigure &figure, const RangeRow &row) {
  const std::optional<Estimate> estimate = figure.figure_of(row);
  if (!estimate) return std::nullopt;
  Estimate point{estimate->value * figure.scale, estimate->low * figure.scale,
                 estimate->high * figure.scale};
  if (figure.y_scale == std::string_view("log10")) {
    if (point.value <= 0) return std::nullopt;
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    if (point.low <= 0) point.low = point.high = kNone;
  }
  return point;
}

PageChart chart_of_figure(const RangeRecord &record, const RangeFigure &figure) {
  PageChart chart;
  chart.title = figure.title;
  chart.x_title = "method";
  chart.y_title = figure.unit;
  chart.y_scale = figure.y_scale;
  for (const RangeRow &row : record.families.front().rows) chart.x_names.push_back(row.name);
  for (const RangeFamily &family : record.families) {
    ChartSeries series{family.name, {}};
    for (size_t i = 0; i < family.rows.size(); ++i) {
      if (family.rows[i].status != RowStatus::kOk) continue;
      if (const auto point = drawn(figure, family.rows[i])) {
        series.points.push_back({static_cast<double>(i), *point});
      }
    }
    if (!series.points.empty()) chart.series.push_back(std::move(series));
  }
  return chart;
}

PageTable table_of_methods(const RangeRecord &record) {
  PageTable table{"Methods", {{"family", false}, {"method", false}, {"sockets", true}}, {}};
  for (const RangeFigure &figure : kFigures) {
    table.columns.push_back({std::string(figure.title) + ", " + figure.unit, true});
  }
  table.columns.push_back({"% to sk_lookup", true});
  table.columns.push_back({"note", false});
  for (const RangeFamily &family : record.families) {
    for (const RangeRow &row : family.rows) {
      const bool measured = row.status == RowStatus::kOk;
      const auto cell = [&](double value) { return measured ? TableCell(value) : TableCell(""); };
      std::vector<TableCell> cells{family.name, row.name, cell(static_cast<double>(row.sockets))};
      for (const RangeFigure &figure : kFigures) {
        const auto estimate = figure.figure_of(row);
        cells.push_back(estimate ? cell(estimate->value * figure.scale) : TableCell(""));
      }
      cells.push_back(row.request_percent ? TableCell(row.request_percent->value) : TableCell(""));
      cells.emplace_back(row.reason);
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

std::string methods_text(const RangeRecord &record) {
  std::string text;
  for (const RangeRow &row : record.families.front().rows) {
    text += (text.empty() ? "" : "; ") + row.name + ": " + row.title;
  }
  return text + ".";
}

}  // namespace

PageSection range_section(const RangeRecord &record, const std::string &suffix) {
  PageSection section;
  section.id = "range" + suffix;
  section.title = "A range to one server";
  section.text = {machine_text(record.fingerprint) + ".",
                  "256 addresses times 256 ports: what it takes to get them to one server, by the "
                  "hook and without it."};
  if (!record.complete) section.text.emplace_back("Interrupted: a partial result.");
  section.text.insert(section.text.end(), record.warnings.begin(), record.warnings.end());
  if (record.families.empty()) return section;
  section.text.push_back(methods_text(record));
  for (const RangeFigure &figure : kFigures) {
    section.charts.push_back(chart_of_figure(record, figure));
  }
  std::erase_if(section.charts, [](const PageChart &chart) { return chart.series.empty(); });
  section.tables = {table_of_methods(record)};
  return section;
}

}  // namespace sklab
