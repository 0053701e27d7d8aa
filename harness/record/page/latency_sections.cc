// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/latency_sections.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "harness/record/cells.h"
#include "harness/record/latency/latency_charts.h"

namespace sklab {
namespace {

// In microseconds, with intervals.
PageChart percentile_chart(const LatencyChart &of) {
  PageChart chart;
  chart.title = of.title;
  chart.x_title = "requests that took no longer";
  chart.y_title = "us";
  chart.y_scale = "log10";
  for (const double percent : kLatencyPercents) {
    chart.x_names.push_back(percent_text(percent) + " %");
  }
  for (const LatencyRowRecord *row : of.rows) {
    ChartSeries series{row->name, {}};
    for (const LatencyPercentile &one : row->percentiles) {
      const auto *at =
          std::find(std::begin(kLatencyPercents), std::end(kLatencyPercents), one.percent);
      series.points.push_back({static_cast<double>(std::distance(std::begin(kLatencyPercents), at)),
                               {one.latency_ns.value / kNsPerUs, one.latency_ns.low / kNsPerUs,
                                one.latency_ns.high / kNsPerUs}});
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

PageTable table_of_latencies(const LatencyRecord &record) {
  PageTable table{
      "Latencies in microseconds", {{"requests", false}, {"row", false}, {"measured", true}}, {}};
  for (const double percent : kLatencyPercents) {
    table.columns.push_back({percentile_name(percent), true});
  }
  table.columns.push_back({"max", true});
  table.columns.push_back({"note", false});
  for (const LatencySectionRecord &section : record.sections) {
    for (const LatencyRowRecord &row : section.rows) {
      const bool measured = row.status == RowStatus::kOk;
      std::vector<TableCell> cells{section.title(), row.name, static_cast<double>(row.requests)};
      for (const LatencyPercentile &one : row.percentiles) {
        cells.emplace_back(one.latency_ns.value / kNsPerUs);
      }
      cells.resize(3 + std::size(kLatencyPercents), TableCell(""));
      cells.push_back(measured ? TableCell(row.max_ns / kNsPerUs) : TableCell(""));
      cells.emplace_back(row.reason);
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

PageTable table_of_differences(const LatencyRecord &record) {
  PageTable table{"Differences in microseconds",
                  {{"requests", false},
                   {"row", false},
                   {"to", false},
                   {"percentile", true},
                   {"difference", true},
                   {"low", true},
                   {"high", true}},
                  {}};
  for (const LatencySectionRecord &section : record.sections) {
    for (const LatencyRowRecord &row : section.rows) {
      for (const LatencyPercentile &one : row.percentiles) {
        if (!one.difference_ns) continue;
        table.rows.push_back({section.title(), row.name, row.reference, one.percent,
                              one.difference_ns->value / kNsPerUs,
                              one.difference_ns->low / kNsPerUs,
                              one.difference_ns->high / kNsPerUs});
      }
    }
  }
  return table;
}

TableCell in_us(const std::optional<double> &ns) {
  return ns ? TableCell(*ns / kNsPerUs) : TableCell("");
}

PageTable table_of_churn(const LatencyRecord &record) {
  PageTable table{"What changed meanwhile",
                  {{"requests", false},
                   {"row", false},
                   {"operation", false},
                   {"a second", true},
                   {"p50, us", true},
                   {"p99, us", true}},
                  {}};
  for (const LatencySectionRecord &section : record.sections) {
    for (const LatencyRowRecord &row : section.rows) {
      if (!row.churn) continue;
      table.rows.push_back({section.title(), row.name, row.churn->operation, row.churn->per_second,
                            in_us(row.churn->operation_ns_p50),
                            in_us(row.churn->operation_ns_p99)});
    }
  }
  return table;
}

// What the rows' names mean, each once.
std::string names_text(const LatencyRecord &record) {
  std::string text;
  std::set<std::string> done;
  for (const LatencySectionRecord &section : record.sections) {
    for (const LatencyRowRecord &row : section.rows) {
      if (!done.insert(row.name).second) continue;
      text += (text.empty() ? "" : "; ") + row.name + ": " + row.title;
    }
  }
  return text + ".";
}

}  // namespace

PageSection latency_section(const LatencyRecord &record, const std::string &suffix) {
  PageSection section;
  section.id = "latency" + suffix;
  section.title = "Latency";
  section.text = {machine_text(record.fingerprint) + ".",
                  "How long requests take from when they were due: datagrams until they are "
                  "answered, connections until they are accepted.",
                  names_text(record)};
  if (!record.complete) section.text.emplace_back("Interrupted: a partial result.");
  section.text.insert(section.text.end(), record.warnings.begin(), record.warnings.end());
  for (const LatencySectionRecord &one : record.sections) {
    for (const LatencyChart &chart : latency_charts(one)) {
      section.charts.push_back(percentile_chart(chart));
    }
  }
  section.tables = {table_of_latencies(record), table_of_differences(record),
                    table_of_churn(record)};
  std::erase_if(section.tables, [](const PageTable &table) { return table.rows.empty(); });
  return section;
}

}  // namespace sklab
