// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A part of the page that is nothing but text, charts and tables: how whatever has something to
// show hangs in. The page draws every section in the same way, and needs to know nothing about it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "harness/record/result_fields.h"

namespace sklab {

struct ChartPoint {
  double x = 0;
  Estimate y;  // low and high are not finite where there is no interval
};

struct ChartSeries {
  std::string name;
  std::vector<ChartPoint> points;  // by rising x
};

struct PageChart {
  std::string title;
  std::string x_title;
  std::string y_title;             // with the unit: "ns/lookup"
  std::string x_scale = "linear";  // "linear", "log2", "log10" or "time" (x in seconds since 1970)
  std::string y_scale = "linear";  // "linear" or "log10"
  // What x of 0, 1, 2... stand for, where they are no numbers.
  std::vector<std::string> x_names;
  std::vector<ChartSeries> series;    // up to six are told apart
  std::vector<ChartSeries> baseline;  // drawn as level lines: the first point's y
};

struct TableColumn {
  std::string title;
  bool is_number = false;  // aligned and sorted as one
};

using TableCell = std::variant<std::string, double>;

struct PageTable {
  std::string caption;
  std::vector<TableColumn> columns;
  std::vector<std::vector<TableCell>> rows;  // a cell a column
};

struct PageSection {
  std::string id;  // unique in the page, letters, digits and '-': where links point to
  std::string title;
  std::vector<std::string> text;  // a paragraph each
  std::vector<PageChart> charts;
  std::vector<PageTable> tables;
};

template <RecordOf<ChartPoint> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("x", record.x);
  visit("y", record.y);
}

template <RecordOf<ChartSeries> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("points", record.points);
}

template <RecordOf<PageChart> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("title", record.title);
  visit("x_title", record.x_title);
  visit("y_title", record.y_title);
  visit("x_scale", record.x_scale);
  visit("y_scale", record.y_scale);
  visit("x_names", record.x_names);
  visit("series", record.series);
  visit("baseline", record.baseline);
}

template <RecordOf<TableColumn> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("title", record.title);
  visit("is_number", record.is_number);
}

template <RecordOf<PageTable> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("caption", record.caption);
  visit("columns", record.columns);
  visit("rows", record.rows);
}

template <RecordOf<PageSection> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("id", record.id);
  visit("title", record.title);
  visit("text", record.text);
  visit("charts", record.charts);
  visit("tables", record.tables);
}

}  // namespace sklab
