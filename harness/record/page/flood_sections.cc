// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/flood_sections.h"

#include <algorithm>
#include <iterator>

#include "harness/record/cells.h"

namespace sklab {
namespace {

// Rows of a changed lookup, in the order of the first family.
std::vector<std::string> compared_rows(const FloodRecord &record) {
  std::vector<std::string> names;
  if (record.families.empty()) return names;
  for (const FloodRow &row : record.families.front().rows) {
    if (row.delta) names.push_back(row.name);
  }
  return names;
}

// A line a family: what `value_of` says of each compared row.
template <typename Value>
PageChart chart_of_rows(const FloodRecord &record, const char *title, const char *y_title,
                        Value value_of) {
  PageChart chart;
  chart.title = title;
  chart.x_title = "row";
  chart.y_title = y_title;
  chart.x_names = compared_rows(record);
  for (const FloodFamily &family : record.families) {
    ChartSeries series{family.name, {}};
    for (const FloodRow &row : family.rows) {
      const auto found = std::find(chart.x_names.begin(), chart.x_names.end(), row.name);
      if (found == chart.x_names.end() || !row.delta) continue;
      const auto x = static_cast<double>(std::distance(chart.x_names.begin(), found));
      series.points.push_back({x, value_of(*row.delta)});
    }
    if (!series.points.empty()) chart.series.push_back(std::move(series));
  }
  return chart;
}

PageTable table_of_rows(const FloodRecord &record) {
  PageTable table{"Packets",
                  {{"family", false},
                   {"row", false},
                   {"packets/s", true},
                   {"ns/packet", true},
                   {"% to key_off", true},
                   {"verdict", false}},
                  {}};
  for (const FloodFamily &family : record.families) {
    for (const FloodRow &row : family.rows) {
      const bool measured = row.status == RowStatus::kOk;
      const auto figure = [&](double value) { return measured ? TableCell(value) : TableCell(""); };
      table.rows.push_back({family.name, row.name, figure(row.packets_per_second.value),
                            figure(row.packet_ns.value),
                            row.delta ? TableCell(row.delta->percent.value) : TableCell(""),
                            row.delta ? row.delta->verdict : row.reason});
    }
  }
  return table;
}

PageTable table_of_additions(const FloodRecord &record) {
  PageTable table{
      "Nanoseconds that are added to key_off, by flood and by probe",
      {{"family", false}, {"row", false}, {"flood", true}, {"probe", true}, {"unexplained", true}},
      {}};
  for (const FloodFamily &family : record.families) {
    for (const FloodRow &row : family.rows) {
      if (!row.delta || !row.probe) continue;
      table.rows.push_back({family.name, row.name, row.delta->packet_ns.value,
                            row.probe->lookup_ns.value, row.probe->unexplained_ns.value});
    }
  }
  return table;
}

PageTable table_of_steps(const FloodRecord &record) {
  PageTable table{"Where a packet's time goes, without a program",
                  {{"family", false}, {"step", false}, {"ns", true}, {"%", true}},
                  {}};
  for (const FloodFamily &family : record.families) {
    for (const FloodShare &share : family.shares) {
      table.rows.push_back({family.name, share.name, share.packet_ns.value, share.percent});
    }
  }
  return table;
}

}  // namespace

PageSection flood_section(const FloodRecord &record, const std::string &suffix) {
  PageSection section;
  section.id = "flood" + suffix;
  section.title = "Flood";
  section.text = {machine_text(record.fingerprint) + ".",
                  "Packets that one CPU takes, made by " + record.generator +
                      ", from 10000 source ports in turn; every one was accounted for."};
  if (!record.complete) section.text.emplace_back("Interrupted: a partial result.");
  section.text.insert(section.text.end(), record.warnings.begin(), record.warnings.end());
  section.charts = {chart_of_rows(record, "what each row adds to a packet", "ns/packet",
                                  [](const FloodDelta &delta) { return delta.packet_ns; }),
                    chart_of_rows(record, "the same, of a packet of key_off", "%",
                                  [](const FloodDelta &delta) { return delta.percent; })};
  std::erase_if(section.charts, [](const PageChart &chart) { return chart.series.empty(); });
  section.tables = {table_of_rows(record), table_of_additions(record), table_of_steps(record)};
  return section;
}

}  // namespace sklab
