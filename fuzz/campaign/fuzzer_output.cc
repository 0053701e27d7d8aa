// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/fuzzer_output.h"

#include <charconv>
#include <utility>

namespace sklab {
namespace {

// A report of a sanitizer with its stacks fits.
constexpr size_t kMostLines = 200;
constexpr size_t kMostLineBytes = 1000;

// The number behind `name`, which stands between blanks.
std::optional<uint64_t> number_behind(std::string_view line, std::string_view name) {
  const size_t start = line.find(name);
  if (start == std::string_view::npos) return std::nullopt;
  const std::string_view rest = line.substr(start + name.size());
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<LibFuzzerFigures> parse_libfuzzer_line(std::string_view line) {
  if (!line.starts_with('#')) return std::nullopt;
  const auto coverage = number_behind(line, " cov: ");
  const auto features = number_behind(line, " ft: ");
  const auto corpus = number_behind(line, " corp: ");
  if (!coverage || !features || !corpus) return std::nullopt;
  return LibFuzzerFigures{*coverage, *features, *corpus};
}

void FuzzerOutput::add(std::string_view piece) {
  while (!piece.empty()) {
    const size_t length = piece.find('\n');
    const std::string_view part = piece.substr(0, length);
    // What has no line ends is kept up to a bound.
    if (unfinished_line_.size() < kMostLineBytes) {
      unfinished_line_ += part.substr(0, kMostLineBytes - unfinished_line_.size());
    }
    if (length == std::string_view::npos) return;
    add_line(std::exchange(unfinished_line_, {}));
    piece.remove_prefix(length + 1);
  }
}

void FuzzerOutput::add_line(std::string line) {
  if (line.starts_with('#')) {
    if (const auto figures = parse_libfuzzer_line(line)) figures_ = *figures;
    return;
  }
  if (line.starts_with("finding: ")) wrote_finding_ = true;
  if (line.find(": cannot ") != std::string::npos) complaint_ = line;
  last_lines_.push_back(std::move(line));
  if (last_lines_.size() > kMostLines) last_lines_.pop_front();
}

}  // namespace sklab
