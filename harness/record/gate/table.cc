// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/wrap.h"

namespace sklab {
namespace {

constexpr char kLatency[] = "latency_ns";

std::string shouted(Verdict verdict) {
  std::string text(kVerdictNames[static_cast<size_t>(verdict)]);
  for (char &c : text) c = c == '_' ? ' ' : static_cast<char>(c - ('a' - 'A'));
  return text;
}

bool is_count(const GateRow &row) { return row.quantity != kLatency; }

// Of the many counts, those that moved, or cannot be compared.
bool is_shown(const GateRow &row) { return !is_count(row) || row.verdict != Verdict::kNoChange; }

std::string change_text(const GateRow &row) {
  if (row.samples == 0) return "";
  if (is_count(row)) return fmt::format("{:+.1f} %", row.change.value * 100);
  return fmt::format("{:+.2f} % [{:+.2f}, {:+.2f}]", row.change.value * 100, row.change.low * 100,
                     row.change.high * 100);
}

std::string explanation(const GateRow &row) {
  std::string text = row.reason;
  if (!is_count(row) && row.samples != 0) {
    text += fmt::format("; {} processes a side, interval of {:.4g} %, p {:.2g}", row.samples,
                        row.confidence * 100, row.p_adjusted);
  }
  if (row.further_samples)
    text += fmt::format("; about {} more would decide", *row.further_samples);
  return wrap(text, 14, 16);
}

std::string lines_of(const GateRow &row) {
  const std::string name = is_count(row) ? row.name + " " + row.quantity : row.name;
  const int decimals = is_count(row) ? 0 : 2;
  std::string line =
      row.samples == 0
          ? fmt::format("{:<13} {}", shouted(row.verdict), name)
          : fmt::format("{:<13} {:<34} {:>9.{}f} {:>9.{}f}  {}", shouted(row.verdict), name,
                        row.base.value, decimals, row.candidate.value, decimals, change_text(row));
  if (line.size() > kTextColumns) line.resize(kTextColumns);
  return line + "\n" + (row.verdict == Verdict::kNoChange ? "" : explanation(row));
}

std::string summary(const GateRecord &record) {
  const auto having = std::count_if(record.rows.begin(), record.rows.end(),
                                    [&](const auto &row) { return row.verdict == record.verdict; });
  return fmt::format("{}: {} of {} rows; {} gate of {:.0f} s, seed {}", shouted(record.verdict),
                     having, record.rows.size(), record.mode, record.duration_s, record.seed);
}

}  // namespace

std::string gate_table(const GateRecord &record) {
  std::string text = wrap(summary(record), 0, 2);
  for (const GateSide *side : {&record.base, &record.candidate}) {
    text += wrap(
        fmt::format("{}: {} ({})", side->name, side->description, side->fingerprint.sklab_version),
        0, 2);
  }
  text += fmt::format("\n{:<13} {:<34} {:>9} {:>9}  {}\n", "verdict", "ns/lookup", "base",
                      "candidate", "change, with its interval");
  for (const GateRow &row : record.rows) {
    if (is_shown(row)) text += lines_of(row);
  }
  const auto hidden = std::count_if(record.rows.begin(), record.rows.end(),
                                    [](const GateRow &row) { return !is_shown(row); });
  if (hidden != 0) text += fmt::format("and {} sizes of programs without a change\n", hidden);
  if (!record.warnings.empty()) text += "\nwarnings\n";
  for (const std::string &warning : record.warnings) text += wrap(warning, 2, 4);
  return text;
}

}  // namespace sklab
