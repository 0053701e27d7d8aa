// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"

namespace sklab {
namespace {

void add_totals(const GateRecord &record, const char *name, pugi::xml_node node) {
  const auto count = [&](bool (*has)(Verdict)) {
    return static_cast<unsigned long>(
        std::count_if(record.rows.begin(), record.rows.end(),
                      [&](const GateRow &row) { return has(row.verdict); }));
  };
  node.append_attribute("name") = name;
  node.append_attribute("tests") = static_cast<unsigned long>(record.rows.size());
  node.append_attribute("failures") = count(is_bad);
  node.append_attribute("skipped") = count(is_open);
  node.append_attribute("time") = fmt::format("{:.3f}", record.duration_s).c_str();
}

void add_testcase(const GateRow &row, pugi::xml_node suite) {
  pugi::xml_node test = suite.append_child("testcase");
  test.append_attribute("classname") = "sklab.gate";
  test.append_attribute("name") = quantity_name(row).c_str();
  if (!is_bad(row.verdict) && !is_open(row.verdict)) return;
  pugi::xml_node result = test.append_child(is_bad(row.verdict) ? "failure" : "skipped");
  const std::string message = verdict_text(row.verdict) + ": " + evidence_of(row);
  result.append_attribute("message") = message.c_str();
  // Some readers show a failure's attribute, others its text.
  if (is_bad(row.verdict)) result.text() = message.c_str();
}

}  // namespace

std::string gate_junit_xml(const GateRecord &record) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  add_totals(record, "sklab gate", suites);
  pugi::xml_node suite = suites.append_child("testsuite");
  add_totals(record, "sklab.gate", suite);
  suite.append_attribute("timestamp") = record.started_utc.c_str();
  for (const GateRow &row : record.rows) add_testcase(row, suite);
  std::ostringstream text;
  document.save(text, " ");
  return text.str();
}

}  // namespace sklab
