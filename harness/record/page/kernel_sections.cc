// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/kernel_sections.h"

#include <algorithm>
#include <array>
#include <limits>

#include "harness/record/compare/compare_table.h"
#include "harness/record/row_name.h"

namespace sklab {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// Of each table those that tell what the hook costs.
constexpr std::array kChartedTables = {"udp4", "udp6", "tcp4", "tcp6"};
constexpr std::array kChartedRows = {"key_off",        "key_on_foreign",   "pass",
                                     "assign_sockmap", "assign_reuseport", "connected"};

std::vector<TableColumn> columns_of(const CompareRecord &record, std::vector<TableColumn> columns,
                                    bool numbers) {
  for (const ComparedKernel &kernel : record.kernels) columns.push_back({kernel.name, numbers});
  return columns;
}

ChartSeries series_of(const ComparedRow &row) {
  ChartSeries series{within_section(row.name), {}};
  for (size_t i = 0; i < row.cells.size(); ++i) {
    if (row.cells[i].status != RowStatus::kOk) continue;
    const double count = row.cells[i].per_lookup;
    series.points.push_back({static_cast<double>(i), {count, kNone, kNone}});
  }
  return series;
}

PageChart chart_of(const CompareRecord &record, const std::string &table) {
  PageChart chart;
  chart.title = table;
  chart.x_title = "kernel";
  chart.y_title = compares_times(record) ? "ns/lookup" : "instructions/lookup";
  for (const ComparedKernel &kernel : record.kernels) chart.x_names.push_back(kernel.name);
  for (const char *wanted : kChartedRows) {
    const auto row = std::find_if(
        record.rows.begin(), record.rows.end(),
        [&](const ComparedRow &one) { return one.name == table + "/" + std::string(wanted); });
    if (row == record.rows.end()) continue;
    ChartSeries series = series_of(*row);
    if (!series.points.empty()) chart.series.push_back(std::move(series));
  }
  return chart;
}

TableCell cell_of(const ComparedCell &cell) {
  if (cell.status == RowStatus::kOk) return cell.per_lookup;
  return cell.status == RowStatus::kFailed ? "failed" : "skipped";
}

PageTable rows_table(const CompareRecord &record) {
  PageTable table{compares_times(record) ? "Nanoseconds per lookup" : "Instructions per lookup",
                  columns_of(record, {{"row", false}}, true),
                  {}};
  table.columns.push_back({"last - base", true});
  for (const ComparedRow &row : record.rows) {
    std::vector<TableCell> cells = {row.name};
    for (const ComparedCell &cell : row.cells) cells.push_back(cell_of(cell));
    const auto &delta = row.cells.back().delta;
    cells.push_back(delta ? TableCell(*delta) : TableCell(""));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

PageTable functions_table(const CompareRecord &record) {
  PageTable table{"Functions whose instructions changed, of one packet",
                  columns_of(record, {{"row", false}, {"function", false}, {"of", false}}, true),
                  {}};
  for (const ComparedRow &row : record.rows) {
    for (const ChangedFunction &function : row.functions) {
      std::vector<TableCell> cells = {row.name, function.name,
                                      function.owner.empty() ? "kernel" : function.owner};
      for (const double count : function.instructions_per_lookup) cells.emplace_back(count);
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

PageTable cases_table(const CompareRecord &record) {
  PageTable table{
      "Conformance cases that differ", columns_of(record, {{"case", false}}, false), {}};
  for (const ChangedCase &one : record.changed_cases) {
    std::vector<TableCell> cells = {one.name};
    for (const std::string &result : one.results) cells.emplace_back(result);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

PageTable kernels_table(const CompareRecord &record) {
  constexpr size_t kDigits = 12;
  PageTable table{
      "What was booted",
      {{"kernel", false}, {"release", false}, {"image, SHA-256", false}, {"trouble", false}},
      {}};
  for (const ComparedKernel &kernel : record.kernels) {
    table.rows.push_back({kernel.name, kernel.fingerprint.kernel_release,
                          kernel.image_sha256.substr(0, kDigits),
                          kernel.trouble.empty() ? "none" : kernel.trouble});
  }
  return table;
}

}  // namespace

PageSection kernel_section(const CompareRecord &record, const std::string &suffix) {
  PageSection section;
  section.id = "kernels" + suffix;
  section.title = "Kernels";
  section.text = {compare_summary(record) + ".",
                  compares_times(record)
                      ? "Medians over boots of each kernel, which took turns."
                      : "Instructions that one emulated processor executes: exact, the same in "
                        "every run and on any machine. They tell nothing of cycles, caches and "
                        "branches."};
  if (record.cases > 0) {
    section.text.push_back(std::to_string(record.changed_cases.size()) + " of " +
                           std::to_string(record.cases) + " conformance cases differ.");
  }
  section.text.insert(section.text.end(), record.warnings.begin(), record.warnings.end());
  for (const char *table : kChartedTables) {
    PageChart chart = chart_of(record, table);
    if (!chart.series.empty()) section.charts.push_back(std::move(chart));
  }
  section.tables = {rows_table(record)};
  for (PageTable table : {functions_table(record), cases_table(record)}) {
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  }
  section.tables.push_back(kernels_table(record));
  return section;
}

}  // namespace sklab
