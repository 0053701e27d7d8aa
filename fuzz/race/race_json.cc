// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace sklab {

RaceReport report_of(const RaceFigures &figures) {
  RaceReport report;
  report.rounds = figures.rounds;
  report.calls = figures.calls;
  report.explained = figures.explained;
  report.unknown = figures.unknown;
  report.stops = figures.stops;
  report.without_stops = figures.without_stops;
  if (!figures.finding) return report;
  report.signature = figures.finding->signature;
  report.round = figures.finding->round;
  for (size_t i = 0; i < figures.finding->events.size(); ++i) {
    for (const RaceEvent &event : figures.finding->events[i]) {
      report.results += fmt::format("thread {}: {}\n", i, describe(event));
    }
  }
  return report;
}

std::string race_report_json(const RaceReport &report) {
  const nlohmann::ordered_json json = {
      {"rounds", report.rounds},       {"calls", report.calls},
      {"explained", report.explained}, {"unknown", report.unknown},
      {"stops", report.stops},         {"without_stops", report.without_stops},
      {"signature", report.signature}, {"round", report.round},
      {"results", report.results}};
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<RaceReport> parse_race_report(const std::string &text) {
  try {
    const auto json = nlohmann::json::parse(text);
    RaceReport report;
    json.at("rounds").get_to(report.rounds);
    json.at("calls").get_to(report.calls);
    json.at("explained").get_to(report.explained);
    json.at("unknown").get_to(report.unknown);
    json.at("stops").get_to(report.stops);
    json.at("without_stops").get_to(report.without_stops);
    json.at("signature").get_to(report.signature);
    json.at("round").get_to(report.round);
    json.at("results").get_to(report.results);
    return report;
  } catch (const nlohmann::json::exception &error) {
    return fail("read a guest's report", "", 0, error.what());
  }
}

}  // namespace sklab
