// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate/cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sklab {
namespace {

constexpr char kLatency[] = "latency_ns";

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }

}  // namespace

std::string verdict_text(Verdict verdict) {
  std::string text(kVerdictNames[static_cast<size_t>(verdict)]);
  for (char &c : text) c = c == '_' ? ' ' : static_cast<char>(c - ('a' - 'A'));
  return text;
}

bool is_bad(Verdict verdict) {
  return verdict == Verdict::kFailed || verdict == Verdict::kRegression;
}

bool is_open(Verdict verdict) {
  return verdict == Verdict::kInconclusive || verdict == Verdict::kSkipped;
}

bool is_count(const GateRow &row) { return row.quantity != kLatency; }

bool has_number(const GateRow &row) {
  // Counts are exact, so one without a verdict is one that could not be compared.
  const bool compared = !is_count(row) || row.verdict != Verdict::kInconclusive;
  return row.samples != 0 && row.verdict != Verdict::kFailed && compared;
}

bool is_telling(const GateRow &row) { return !is_count(row) || row.verdict != Verdict::kNoChange; }

std::string quantity_name(const GateRow &row) {
  return is_count(row) ? row.name + " " + row.quantity : row.name;
}

std::string unit_of(const GateRow &row) {
  return is_count(row) ? row.quantity.substr(row.quantity.rfind('_') + 1) : "ns/lookup";
}

std::string amount_text(const GateRow &row, double value) {
  return fmt::format("{:.{}f}", value, is_count(row) ? 0 : 2);
}

std::string change_text(const GateRow &row) {
  if (!has_number(row)) return "";
  if (is_count(row)) return fmt::format("{:+.1f} %", row.change.value * 100);
  return fmt::format("{:+.2f} % [{:+.2f}, {:+.2f}]", row.change.value * 100, row.change.low * 100,
                     row.change.high * 100);
}

std::string explanation_of(const GateRow &row) {
  std::string text = one_line(row.reason);
  if (has_number(row) && !is_count(row)) {
    const std::string processes =
        row.base_samples.size() == row.samples
            ? fmt::format("{} processes a side", row.samples)
            : fmt::format("{} processes, {} of the base", row.samples, row.base_samples.size());
    text += fmt::format("; {}, interval of {:.4g} %, p {:.2g}", processes, row.confidence * 100,
                        row.p_adjusted);
  }
  if (row.further_samples) {
    text += fmt::format("; about {} more would decide", *row.further_samples);
  }
  return text;
}

std::string evidence_of(const GateRow &row) {
  if (!has_number(row)) return explanation_of(row);
  return fmt::format("{}, from {} to {} {}; {}", change_text(row), amount_text(row, row.base.value),
                     amount_text(row, row.candidate.value), unit_of(row), explanation_of(row));
}

std::string gate_summary(const GateRecord &record) {
  const auto having = std::count_if(record.rows.begin(), record.rows.end(),
                                    [&](const auto &row) { return row.verdict == record.verdict; });
  return fmt::format("{}: {} of {} rows; {} gate of {:.0f} s, seed {}",
                     verdict_text(record.verdict), having, record.rows.size(), record.mode,
                     record.duration_s, record.seed);
}

std::string one_line(const std::string &text) {
  using nlohmann::json;
  std::string line = text;
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  // There and back, because only its writer knows what is UTF-8.
  const std::string valid = json(line).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(valid).get<std::string>();
}

}  // namespace sklab
