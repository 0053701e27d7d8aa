// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace sklab {
namespace {

constexpr double kTerminalPeriodS = 0.2;
constexpr double kJsonPeriodS = 1;
constexpr double kRateWindowS = 5;
constexpr unsigned kSecondsAMinute = 60;
// Back to the first column, and erase to the end of the line (ECMA-48 EL).
constexpr std::string_view kErase = "\r\x1b[K";

// In four characters or so: 999, 12.3k, 4.5M.
std::string shortly(double number) {
  constexpr std::array<const char *, 4> kUnits = {"", "k", "M", "G"};
  size_t unit = 0;
  for (; number >= 1000 && unit + 1 < kUnits.size(); ++unit) number /= 1000;
  return fmt::format("{:.{}f}{}", number, unit == 0 || number >= 100 ? 0 : 1, kUnits[unit]);
}

std::string clock_time(double seconds) {
  const auto whole = static_cast<uint64_t>(seconds);
  return fmt::format("{}:{:02}", whole / kSecondsAMinute, whole % kSecondsAMinute);
}

}  // namespace

std::string live_line(const LiveFigures &figures, const LiveRates &rates, size_t columns) {
  std::string line = fmt::format(
      "fuzz {}{} {} runs/s {} checks/s corpus {} cov {} findings {}", clock_time(figures.elapsed_s),
      figures.total_s ? "/" + clock_time(*figures.total_s) : "", shortly(rates.executions_per_s),
      shortly(rates.checked_per_s), figures.corpus_inputs, figures.coverage, figures.findings);
  if (figures.known_findings > 0) line += fmt::format(" known {}", figures.known_findings);
  line += fmt::format("  {}", fmt::join(figures.running, " "));
  line.resize(std::min(line.size(), columns - 1));
  return line;
}

std::string live_json(const LiveFigures &figures, const LiveRates &rates) {
  const nlohmann::ordered_json json = {{"event", "progress"},
                                       {"elapsed_s", std::round(figures.elapsed_s * 10) / 10},
                                       {"executions", figures.executions},
                                       {"executions_per_s", std::lround(rates.executions_per_s)},
                                       {"checked", figures.checked},
                                       {"checked_per_s", std::lround(rates.checked_per_s)},
                                       {"corpus_inputs", figures.corpus_inputs},
                                       {"coverage", figures.coverage},
                                       {"findings", figures.findings},
                                       {"known_findings", figures.known_findings},
                                       {"running", figures.running}};
  return json.dump();
}

Live::Live(std::FILE *stream, ProgressDisplay display)
    : stream_(stream), display_(std::move(display)) {}

LiveRates Live::rates(const LiveFigures &figures) {
  samples_.push_back({figures.elapsed_s, figures.executions, figures.checked});
  while (samples_.size() > 2 && samples_[1].at_s < figures.elapsed_s - kRateWindowS) {
    samples_.pop_front();
  }
  const Sample &first = samples_.front();
  const double seconds = figures.elapsed_s - first.at_s;
  if (seconds <= 0) return {};
  return {static_cast<double>(figures.executions - first.executions) / seconds,
          static_cast<double>(figures.checked - first.checked) / seconds};
}

void Live::update(const LiveFigures &figures) {
  const double now_s = display_.now_s();
  if (now_s < next_s_) return;
  next_s_ = now_s + (display_.columns ? kTerminalPeriodS : kJsonPeriodS);
  const LiveRates current = rates(figures);
  if (display_.columns) {
    write(std::string(kErase) + live_line(figures, current, *display_.columns));
    line_is_shown_ = true;
  } else {
    write(live_json(figures, current) + "\n");
  }
}

void Live::event(std::string_view kind, std::string_view target, std::string_view text) {
  finish();
  if (display_.columns) {
    write(fmt::format("{}: {}: {}\n", kind, target, text));
    return;
  }
  const nlohmann::ordered_json json = {{"event", kind}, {"target", target}, {"text", text}};
  write(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

void Live::finish() {
  if (line_is_shown_) write(kErase);
  line_is_shown_ = false;
}

// What does not get through, to a closed terminal for example, is no reason to stop.
void Live::write(std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stream_));
  static_cast<void>(std::fflush(stream_));
}

}  // namespace sklab
