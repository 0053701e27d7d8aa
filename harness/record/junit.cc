// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/junit.h"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

namespace sklab {
namespace {

void set_counts(pugi::xml_node node, const CaseCounts &counts, double duration_s) {
  size_t tests = 0;
  for (const size_t cases : counts.cases) tests += cases;
  node.append_attribute("tests") = static_cast<unsigned long>(tests);
  node.append_attribute("failures") = static_cast<unsigned long>(counts.of(CaseStatus::kFail));
  node.append_attribute("skipped") = static_cast<unsigned long>(
      counts.of(CaseStatus::kSkip) + counts.of(CaseStatus::kExpectedFail));
  node.append_attribute("time") = fmt::format("{:.3f}", duration_s).c_str();
}

void add_case(pugi::xml_node suite, const CaseGroupRecord &group, const CaseRecord &record) {
  pugi::xml_node node = suite.append_child("testcase");
  node.append_attribute("classname") = ("sklab." + group.name).c_str();
  node.append_attribute("name") = record.name.c_str();
  node.append_attribute("assertions") = static_cast<unsigned long>(record.outcomes);
  if (record.status == CaseStatus::kPass) return;
  const bool failed = record.status == CaseStatus::kFail;
  pugi::xml_node reason = node.append_child(failed ? "failure" : "skipped");
  const std::string first = record.reason.substr(0, record.reason.find('\n'));
  reason.append_attribute("message") = first.c_str();
  if (failed) reason.text() = record.reason.c_str();
}

}  // namespace

std::string junit_xml(const ConformRecord &record) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  suites.append_attribute("name") = "sklab conform";
  set_counts(suites, count_cases(record), record.duration_s);
  for (const CaseGroupRecord &group : record.groups) {
    pugi::xml_node suite = suites.append_child("testsuite");
    suite.append_attribute("name") = ("sklab." + group.name).c_str();
    set_counts(suite, count_cases(group), group.duration_s);
    for (const CaseRecord &one : group.cases) add_case(suite, group, one);
  }
  std::ostringstream text;
  document.save(text, " ");
  return text.str();
}

}  // namespace sklab
