// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/latency/latency_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "harness/record/cells.h"
#include "harness/record/letter.h"

namespace sklab {
namespace {

// Of the differences' table: more do not fit beside their intervals.
constexpr double kComparedPercents[] = {50, 99, 99.9};

// In microseconds, with about four digits.
std::string us(double ns) {
  const double value = ns / kNsPerUs;
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size < 10 ? 3 : size < 100 ? 2 : size < 1000 ? 1 : 0);
}

std::string signed_us(double ns) {
  const std::string text = us(ns);
  return text.front() == '-' ? text : "+" + text;
}

const LatencyPercentile *find_percentile(const LatencyRowRecord &row, double percent) {
  const auto found =
      std::find_if(row.percentiles.begin(), row.percentiles.end(),
                   [&](const LatencyPercentile &one) { return one.percent == percent; });
  return found == row.percentiles.end() ? nullptr : &*found;
}

std::string header_line(const LatencySectionRecord &section) {
  std::string text = letter_line(section.title() + "; microseconds");
  std::string line = fmt::format("{:18}", "");
  for (const double percent : kLatencyPercents) {
    line += fmt::format("{:>9}", percentile_name(percent));
  }
  return text + letter_line(line + fmt::format("{:>9}", "max"));
}

std::string latency_row_text(const LatencyRowRecord &row) {
  if (row.status != RowStatus::kOk) {
    const char *status = row.status == RowStatus::kFailed ? "FAILED" : "skipped";
    return letter_line(fmt::format("  {:<16} {}", row.name, status)) +
           letter_text(row.reason, 6, 8);
  }
  std::string values = fmt::format("  {:<16}", row.name);
  std::string spreads = fmt::format("{:18}", "");
  for (const double percent : kLatencyPercents) {
    const LatencyPercentile *one = find_percentile(row, percent);
    values += fmt::format("{:>9}", one == nullptr ? "-" : us(one->latency_ns.value));
    spreads += fmt::format("{:>9}", one == nullptr ? "" : "+-" + us(half_width(one->latency_ns)));
  }
  return letter_line(values + fmt::format("{:>9}", us(row.max_ns))) + letter_line(spreads);
}

std::string difference_line(const LatencyRowRecord &row) {
  std::string line = fmt::format("  {:<15}", row.name);
  for (const double percent : kComparedPercents) {
    const LatencyPercentile *one = find_percentile(row, percent);
    const bool has = one != nullptr && one->difference_ns;
    line += has ? fmt::format("{:>9} +-{:<6}", signed_us(one->difference_ns->value),
                              us(half_width(*one->difference_ns)))
                : fmt::format("{:>9}{:8}", "-", "");
  }
  return letter_line(line);
}

// A block of rows a reference.
std::string differences_text(const LatencySectionRecord &section) {
  std::string text;
  std::set<std::string> done;
  for (const LatencyRowRecord &first : section.rows) {
    const bool compared = first.status == RowStatus::kOk && !first.reference.empty();
    if (!compared || !done.insert(first.reference).second) continue;
    std::string line = fmt::format("  {:<15}", "to " + first.reference);
    for (const double percent : kComparedPercents) {
      line += fmt::format("{:>9}{:8}", percentile_name(percent), "");
    }
    text += letter_line(line);
    for (const LatencyRowRecord &row : section.rows) {
      if (row.status == RowStatus::kOk && row.reference == first.reference) {
        text += difference_line(row);
      }
    }
  }
  return text;
}

std::string churn_text(const LatencyRowRecord &row) {
  if (!row.churn) return "";
  const LatencyChurn &churn = *row.churn;
  std::string text = fmt::format("{}: {:.{}f} {} a second", row.name, churn.per_second,
                                 churn.per_second < 10 ? 1 : 0, churn.operation);
  if (churn.operation_ns_p50) text += fmt::format(", each {} us", us(*churn.operation_ns_p50));
  if (churn.operation_ns_p99) {
    text += fmt::format(", one of a hundred {} us", us(*churn.operation_ns_p99));
  }
  return letter_text(text, 2, 4);
}

// Where not looking at what was due would have hidden most.
std::string omission_text(const LatencySectionRecord &section) {
  const LatencyRowRecord *worst = nullptr;
  const LatencyPercentile *at = nullptr;
  double most = 1.1;  // less is not worth a line
  for (const LatencyRowRecord &row : section.rows) {
    for (const LatencyPercentile &one : row.percentiles) {
      if (row.name == kEmptyLoopRow || one.since_sent_ns * most >= one.latency_ns.value) continue;
      most = one.latency_ns.value / one.since_sent_ns;
      worst = &row;
      at = &one;
    }
  }
  if (worst == nullptr) return "";
  return letter_text(
      fmt::format("coordinated omission: by requests' own time {} of {} would be {} us, not {} us",
                  percentile_name(at->percent), worst->name, us(at->since_sent_ns),
                  us(at->latency_ns.value)),
      2, 4);
}

std::string section_text(const LatencySectionRecord &section) {
  std::string text = "\n" + header_line(section);
  for (const LatencyRowRecord &row : section.rows) text += latency_row_text(row);
  text += differences_text(section);
  for (const LatencyRowRecord &row : section.rows) text += churn_text(row);
  return text + omission_text(section);
}

std::string latency_run_line(const LatencyRecord &record) {
  return fmt::format("{} run of {:.0f} s, seed {}, sklab {}{}", record.mode, record.duration_s,
                     record.seed, record.fingerprint.sklab_version,
                     record.complete ? "" : "; INTERRUPTED: a partial result");
}

constexpr char kLatencyLegend[] =
    "from when a request was due: UDP until it is answered, TCP until its connection is accepted; "
    "client and server take turns on one CPU; +-: half a 95 % interval over rounds; -: too few "
    "requests to tell, or nothing to compare with";

std::string titles_text(const LatencyRecord &record) {
  std::string text;
  std::set<std::string> done;
  for (const LatencySectionRecord &section : record.sections) {
    for (const LatencyRowRecord &row : section.rows) {
      if (!done.insert(row.name).second) continue;
      text += letter_text(row.name + ": " + row.title, 2, 4);
    }
  }
  return text;
}

}  // namespace

std::string latency_table(const LatencyRecord &record) {
  std::string text = letter_text(machine_text(record.fingerprint), 0, 2) +
                     letter_text(latency_run_line(record), 0, 2) +
                     letter_text(kLatencyLegend, 0, 2);
  for (const LatencySectionRecord &section : record.sections) text += section_text(section);
  text += "\nrows\n" + titles_text(record);
  if (!record.self_checks.empty()) text += "\nself-checks\n";
  for (const SelfCheck &check : record.self_checks) {
    text += letter_text(self_check_text(check), 2, 4);
  }
  if (!record.warnings.empty()) text += "\nwarnings\n";
  for (const std::string &warning : record.warnings) text += letter_text(warning, 2, 4);
  return text;
}

std::string latency_markdown(const LatencyRecord &record) {
  return fmt::format("# sklab latency {}\n\n```\n{}```\n\n```sh\n{}\n```\n", record.run_id,
                     latency_table(record), repeatable_command(record.command_line, record.seed));
}

}  // namespace sklab
