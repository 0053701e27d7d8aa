// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How a campaign goes, while it goes: one line that is rewritten on a terminal, a JSON object a
// line elsewhere.
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/measure/progress.h"

namespace sklab {

struct LiveFigures {
  double elapsed_s = 0;
  std::optional<double> total_s;
  uint64_t executions = 0;
  uint64_t checked = 0;
  uint64_t corpus_inputs = 0;  // in all corpora
  uint64_t coverage = 0;       // of all targets
  uint64_t findings = 0;       // new ones
  uint64_t known_findings = 0;
  std::vector<std::string> running;  // targets
};

struct LiveRates {
  double executions_per_s = 0;
  double checked_per_s = 0;
};

// At most `columns` - 1 characters: a line that wraps could not be rewritten.
std::string live_line(const LiveFigures &figures, const LiveRates &rates, size_t columns);
// One line, without its end.
std::string live_json(const LiveFigures &figures, const LiveRates &rates);

class Live {
 public:
  // `stream` is borrowed.
  explicit Live(std::FILE *stream) : Live(stream, ProgressDisplay::of(stream)) {}
  Live(std::FILE *stream, ProgressDisplay display);

  // Cheap: call it often.
  void update(const LiveFigures &figures);

  // Something that happened once: a line of text, or a JSON object of that kind.
  void event(std::string_view kind, std::string_view target, std::string_view text);

  // Clears the line. Call it before other output.
  void finish();

 private:
  struct Sample {
    double at_s;
    uint64_t executions;
    uint64_t checked;
  };

  [[nodiscard]] LiveRates rates(const LiveFigures &figures);
  void write(std::string_view text);

  std::FILE *stream_;
  ProgressDisplay display_;
  double next_s_ = 0;
  bool line_is_shown_ = false;
  std::deque<Sample> samples_;  // of the last few seconds
};

}  // namespace sklab
