// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace sklab {

// What libFuzzer prints about its progress.
struct LibFuzzerFigures {
  uint64_t coverage = 0;       // edges of the instrumented code
  uint64_t features = 0;       // edges with how often, compared values, extra counters
  uint64_t corpus_inputs = 0;  // in use by this process

  bool operator==(const LibFuzzerFigures &) const = default;
};

// `line` is one of those that begin with #: "#8  NEW  cov: 551 ft: 6962 corp: 2796/523Kb ...".
std::optional<LibFuzzerFigures> parse_libfuzzer_line(std::string_view line);

// Follows what a fuzzer writes, in pieces of any length.
class FuzzerOutput {
 public:
  void add(std::string_view piece);

  // The latest.
  [[nodiscard]] const LibFuzzerFigures &figures() const { return figures_; }
  // Whether it wrote a finding by itself.
  [[nodiscard]] bool wrote_finding() const { return wrote_finding_; }
  // Its last lines, without libFuzzer's figures.
  [[nodiscard]] const std::deque<std::string> &last_lines() const { return last_lines_; }
  // The last line that says what the fuzzer could not do; "" for none.
  [[nodiscard]] const std::string &complaint() const { return complaint_; }

 private:
  void add_line(std::string line);

  std::string unfinished_line_;
  LibFuzzerFigures figures_;
  bool wrote_finding_ = false;
  std::deque<std::string> last_lines_;
  std::string complaint_;
};

}  // namespace sklab
