// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/flood/flood_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/record/cells.h"
#include "harness/record/letter.h"
#include "harness/record/markdown.h"

namespace sklab {
namespace {

// Columns of the table in the layout of the series' letters.
struct SeriesColumn {
  const char *row;
  const char *title;
};
constexpr SeriesColumn kSeriesColumns[] = {{"key_on_foreign", "key on, elsewhere"},
                                           {"series", "series' program"}};

// 1,234,567
std::string with_commas(double value) {
  std::string digits = fmt::format("{:.0f}", value);
  for (size_t i = digits.size(); i > 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

const FloodRow *row_of(const FloodFamily &family, const std::string &name) {
  const auto found = std::find_if(family.rows.begin(), family.rows.end(), [&](const FloodRow &row) {
    return row.name == name && row.status == RowStatus::kOk;
  });
  return found == family.rows.end() ? nullptr : &*found;
}

// By how much there are fewer packets a second when each takes longer.
double percent_of_rate(const FloodDelta &delta) {
  const double percent = -100 * delta.percent.value / (100 + delta.percent.value);
  return std::abs(percent) < 0.05 ? 0 : percent;  // not "-0.0"
}

std::string series_line(const FloodFamily &family) {
  const FloodRow *base = row_of(family, "key_off");
  if (base == nullptr) return "";
  const double spread = 100 * half_width(base->packet_ns) / base->packet_ns.value;
  std::string line =
      fmt::format("  {:<6}{:>12} +-{:<5}", family.name, with_commas(base->packets_per_second.value),
                  fmt::format("{:.1f}%", spread));
  for (const SeriesColumn &column : kSeriesColumns) {
    const FloodRow *row = row_of(family, column.row);
    line += row == nullptr || !row->delta
                ? fmt::format("{:>22}", "-")
                : fmt::format("{:>14} {:>+6.1f}%", with_commas(row->packets_per_second.value),
                              percent_of_rate(*row->delta));
  }
  return letter_line(line);
}

std::string series_table(const FloodRecord &record) {
  std::string text = letter_line(fmt::format("{:<8}{:>12}{:8}{:>22}{:>22}", "pps", "key off", "",
                                             kSeriesColumns[0].title, kSeriesColumns[1].title));
  for (const FloodFamily &family : record.families) text += series_line(family);
  return text;
}

std::string row_text(const FloodRow &row) {
  if (row.status != RowStatus::kOk) {
    const char *status = row.status == RowStatus::kFailed ? "FAILED" : "skipped";
    return letter_line(fmt::format("  {:<15} {}", row.name, status)) +
           letter_text(row.reason, 6, 8);
  }
  std::string line = fmt::format("  {:<15}{:>10} {:>8.1f} +-{:<5.1f}", row.name,
                                 with_commas(row.packets_per_second.value), row.packet_ns.value,
                                 half_width(row.packet_ns));
  if (row.delta) {
    line += fmt::format(" {:>+8.2f} +-{:<5.2f} {:<8}", row.delta->percent.value,
                        half_width(row.delta->percent), row.delta->verdict);
  }
  line = letter_line(line);
  if (!row.packet_cycles || !row.packet_instructions) return line;
  return line + letter_line(fmt::format("      {:.0f} cycles, {:.0f} instructions a packet",
                                        *row.packet_cycles, *row.packet_instructions));
}

std::string probe_text(const FloodRow &row) {
  return letter_line(
      fmt::format("  {:<15}{:>+10.1f} +-{:<6.1f}{:>+9.1f} +-{:<6.1f}{:>+9.1f} +-{:<6.1f}", row.name,
                  row.delta->packet_ns.value, half_width(row.delta->packet_ns),
                  row.probe->lookup_ns.value, half_width(row.probe->lookup_ns),
                  row.probe->unexplained_ns.value, half_width(row.probe->unexplained_ns)));
}

std::string shares_text(const FloodFamily &family) {
  if (family.shares.empty()) return "";
  std::string text = "of a packet (" + family.packet + "):";
  for (const FloodShare &share : family.shares) {
    text += fmt::format("{} {} {:.1f} ns ({:.1f} %)", &share == &family.shares.front() ? "" : ",",
                        share.name, share.packet_ns.value, share.percent);
  }
  return letter_text(text, 2, 4);
}

std::string published_text(const FloodFamily &family) {
  if (!family.published) return "";
  const PublishedFlood &published = *family.published;
  return letter_text(
      fmt::format("for orientation, 2020, on four CPUs of other hardware: {} packets/s without, {} "
                  "with the series' program, {:+.1f} % to the kernel before",
                  with_commas(published.packets_per_second),
                  with_commas(published.packets_per_second_program), published.percent),
      2, 4);
}

std::string family_table(const FloodFamily &family) {
  std::string text = "\n" + letter_line(fmt::format("{:<17}{:>10} {:>9} {:7} {:>17}", family.name,
                                                    "packets/s", "ns/packet", "", "vs key_off, %"));
  for (const FloodRow &row : family.rows) text += row_text(row);
  text += shares_text(family);
  const bool probed = std::any_of(family.rows.begin(), family.rows.end(),
                                  [](const FloodRow &row) { return row.probe.has_value(); });
  if (probed) {
    text += letter_line(fmt::format("  {:<15}{:>10}{:9}{:>9}{:9}{:>9}", "adds, ns", "by flood", "",
                                    "by probe", "", "unexplained"));
  }
  for (const FloodRow &row : family.rows) {
    if (row.delta && row.probe) text += probe_text(row);
  }
  return text + published_text(family);
}

std::string run_line(const FloodRecord &record) {
  return fmt::format("{} run of {:.0f} s, generator {}, seed {}, sklab {}{}", record.mode,
                     record.duration_s, record.generator, record.seed,
                     record.fingerprint.sklab_version,
                     record.complete ? "" : "; INTERRUPTED: a partial result");
}

constexpr char kLegend[] =
    "what one CPU takes, from 10000 source ports in turn; every packet was accounted for; +-: half "
    "a 95 % interval; a verdict takes 0.5 % and a 99.9 % interval; percent in the first table is "
    "of packets/s, below of time";

}  // namespace

std::string flood_table(const FloodRecord &record) {
  std::string text = letter_text(machine_text(record.fingerprint), 0, 2) +
                     letter_text(run_line(record), 0, 2) + letter_text(kLegend, 0, 2) + "\n" +
                     series_table(record);
  for (const FloodFamily &family : record.families) text += family_table(family);
  if (!record.self_checks.empty()) text += "\nself-checks\n";
  for (const SelfCheck &check : record.self_checks) {
    text += letter_text(self_check_text(check), 2, 4);
  }
  if (!record.warnings.empty()) text += "\nwarnings\n";
  for (const std::string &warning : record.warnings) text += letter_text(warning, 2, 4);
  return text;
}

std::string flood_markdown(const FloodRecord &record) {
  return fmt::format("# sklab flood {}\n\n```\n{}```\n\n```sh\n{}\n```\n", record.run_id,
                     flood_table(record), repeatable_command(record.command_line, record.seed));
}

}  // namespace sklab
