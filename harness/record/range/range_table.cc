// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/range/range_table.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/record/cells.h"
#include "harness/record/letter.h"

namespace sklab {
namespace {

// About four digits.
std::string number(double value) {
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size < 10 ? 2 : size < 1000 ? 1 : 0);
}

std::string spread(const Estimate &estimate, double unit) {
  return "+-" + number(half_width(estimate) / unit);
}

struct RangeColumn {
  const char *title;
  double unit;
  Estimate RangeRow::*figure;
};
constexpr RangeColumn kColumns[] = {{"requests/s", 1, &RangeRow::requests_per_second},
                                    {"p50, us", 1e3, &RangeRow::latency_ns_p50},
                                    {"p99, us", 1e3, &RangeRow::latency_ns_p99},
                                    {"set-up, ms", 1, &RangeRow::setup_ms}};
constexpr double kMegabyte = 1e6;

std::string range_row_text(const RangeRow &row) {
  if (row.status != RowStatus::kOk) {
    const char *status = row.status == RowStatus::kFailed ? "FAILED" : "skipped";
    return letter_line(fmt::format("  {:<12} {}", row.name, status)) +
           letter_text(row.reason, 6, 8);
  }
  std::string values = fmt::format("  {:<10}", row.name);
  std::string spreads = fmt::format("{:12}", "");
  for (const RangeColumn &column : kColumns) {
    const Estimate &figure = row.*column.figure;
    values += fmt::format("{:>12}", number(figure.value / column.unit));
    spreads += fmt::format("{:>12}", spread(figure, column.unit));
  }
  values +=
      fmt::format("{:>12}", row.memory_bytes ? number(row.memory_bytes->value / kMegabyte) : "-");
  if (row.memory_bytes) spreads += fmt::format("{:>12}", spread(*row.memory_bytes, kMegabyte));
  return letter_line(values) + letter_line(spreads);
}

std::string request_text(const RangeRow &row) {
  if (!row.request_percent) return "";
  return letter_line(fmt::format("    {:<10}{:>+9.2f} % +-{:.2f}", row.name,
                                 row.request_percent->value, half_width(*row.request_percent)));
}

std::string range_family_text(const RangeFamily &family) {
  std::string text =
      "\n" + letter_text(fmt::format("{}: {}; latency at {:g} requests/s", family.name,
                                     family.range, family.requests_per_second),
                         0, 2);
  std::string titles = fmt::format("{:12}", "");
  for (const RangeColumn &column : kColumns) titles += fmt::format("{:>12}", column.title);
  text += letter_line(titles + fmt::format("{:>12}", "MB"));
  for (const RangeRow &row : family.rows) text += range_row_text(row);
  std::string compared;
  for (const RangeRow &row : family.rows) compared += request_text(row);
  if (compared.empty()) return text;
  return text + letter_line("  what a request takes, to sk_lookup's") + compared;
}

std::string range_titles(const RangeRecord &record) {
  std::string text;
  if (record.families.empty()) return text;
  for (const RangeRow &row : record.families.front().rows) {
    const std::string sockets = row.sockets <= 1 ? "" : fmt::format(" ({} sockets)", row.sockets);
    text += letter_text(fmt::format("{}: {}{}", row.name, row.title, sockets), 2, 4);
  }
  return text;
}

std::string range_run_line(const RangeRecord &record) {
  return fmt::format("{} run of {:.0f} s, seed {}, sklab {}{}", record.mode, record.duration_s,
                     record.seed, record.fingerprint.sklab_version,
                     record.complete ? "" : "; INTERRUPTED: a partial result");
}

constexpr char kRangeLegend[] =
    "requests to endpoints of the range chosen at random; each came to the socket that it has to, "
    "and "
    "was answered, UDP from whatever address that socket has; requests/s: one after the other on "
    "one "
    "CPU, client and server, sockets opened and closed included; latency from when a request was "
    "due; "
    "MB: of kernel memory, which others move by a fraction of one; +-: half a 95 % interval over "
    "rounds, each of which sets up anew";

}  // namespace

std::string range_table(const RangeRecord &record) {
  std::string text = letter_text(machine_text(record.fingerprint), 0, 2) +
                     letter_text(range_run_line(record), 0, 2) + letter_text(kRangeLegend, 0, 2);
  for (const RangeFamily &family : record.families) text += range_family_text(family);
  text += "\nmethods\n" + range_titles(record);
  if (!record.warnings.empty()) text += "\nwarnings\n";
  for (const std::string &warning : record.warnings) text += letter_text(warning, 2, 4);
  return text;
}

std::string range_markdown(const RangeRecord &record) {
  return fmt::format("# sklab range {}\n\n```\n{}```\n\n```sh\n{}\n```\n", record.run_id,
                     range_table(record), repeatable_command(record.command_line, record.seed));
}

}  // namespace sklab
