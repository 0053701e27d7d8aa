// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/latency_rows.h"

#include <fmt/format.h>

#include "harness/record/latency/latency_record.h"

namespace sklab {
namespace {

// A fifth or so of what one CPU can do.
constexpr double kUdpPerSecond = 40000;
constexpr double kTcpPerSecond = 10000;

// Titles continue "a request, ...".
std::vector<LatencyRowSpec> quiet_rows() {
  return {
      {kEmptyLoopRow, "none: what the loop and the machine add", "", Steering::kNone, {}, 0, true},
      {kBaseRow, "no sk_lookup program on the machine", ""},
      {kControlRow, "key_off once more: A/A control", kBaseRow},
      {"key_on_foreign", "a program in another netns only: the static key is on", kBaseRow,
       Steering::kForeign},
      {"pass", "a program that returns SK_PASS", kBaseRow, Steering::kPass},
      {"series", "the series': 2 LPM lookups, a hash, a SOCKMAP, assign", kBaseRow,
       Steering::kSeries}};
}

LatencyRowSpec churn_row(ChurnKind kind, double per_second) {
  const ChurnDescription &churn = describe(kind);
  const bool alone = kind == ChurnKind::kKey;
  const char *reference = alone ? "pass" : "series";
  return {fmt::format("{}_{}", churn.name, per_second),
          fmt::format("as {} while {}, {} times a second", reference, churn.title, per_second),
          reference,
          alone ? Steering::kNone : Steering::kSeries,
          kind,
          per_second};
}

bool needs_no_crowd(const LatencyRowSpec &row) {
  return row.name == kControlRow || row.name == "key_on_foreign";
}

}  // namespace

std::vector<LatencySection> latency_sections(const LatencySelection &selection) {
  std::vector<LatencySection> sections;
  for (const std::string &name : selection.families) {
    const FamilyCase family = as_host(family_case(name));
    std::vector<double> rates = selection.rates_per_second;
    if (rates.empty()) {
      rates = {family.protocol == Protocol::kUdp ? kUdpPerSecond : kTcpPerSecond};
    }
    for (const double rate : rates) {
      LatencySection section{family, 0, rate, quiet_rows()};
      for (const ChurnKind kind : selection.churn) {
        for (const double per_second : selection.churn_per_second) {
          section.rows.push_back(churn_row(kind, per_second));
        }
      }
      sections.push_back(std::move(section));
      if (selection.sockets == 0) continue;
      LatencySection crowded{family, selection.sockets, rate, quiet_rows()};
      std::erase_if(crowded.rows, needs_no_crowd);
      sections.push_back(std::move(crowded));
    }
  }
  return sections;
}

}  // namespace sklab
