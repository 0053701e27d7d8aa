// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/line_reader.h"

#include <algorithm>
#include <charconv>

namespace sklab {
namespace {

constexpr std::string_view kSpace = " \t\r";

}  // namespace

std::string_view LineReader::next() {
  position_ = line_.find_first_not_of(kSpace, position_);
  if (position_ == std::string_view::npos) {
    position_ = word_start_ = line_.size();
    return {};
  }
  word_start_ = position_;
  if (line_[position_] == ';') {
    ++position_;
  } else {
    position_ = std::min(line_.find_first_of(" \t\r;", position_), line_.size());
  }
  return line_.substr(word_start_, position_ - word_start_);
}

std::string_view LineReader::peek() {
  const size_t position = position_;
  const size_t word_start = word_start_;
  const std::string_view word = next();
  position_ = position;
  word_start_ = word_start;
  return word;
}

tl::unexpected<Error> LineReader::error(const std::string &expected) const {
  return fail_as(ErrorKind::kUsage, "read scenario at",
                 std::to_string(number_) + ":" + std::to_string(word_start_ + 1), 0,
                 "expected " + expected);
}

tl::unexpected<Error> LineReader::error(const Error &nested) const {
  return fail_as(ErrorKind::kUsage, "read scenario at",
                 std::to_string(number_) + ":" + std::to_string(word_start_ + 1), 0,
                 "cannot " + nested.message());
}

Result<uint64_t> parse_number(std::string_view text, uint64_t max, const LineReader &reader) {
  const bool hexadecimal = text.substr(0, 2) == "0x";
  const std::string_view digits = hexadecimal ? text.substr(2) : text;
  uint64_t value = 0;
  const char *last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value, hexadecimal ? 16 : 10);
  if (error == std::errc() && end == last && value <= max) return value;
  return reader.error("a number up to " + std::to_string(max));
}

}  // namespace sklab
