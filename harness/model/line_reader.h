// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace sklab {

// Reads one line of a scenario's text word by word, and knows where each word stands. A word ends
// at white space, at ';' (a word of its own) or at the comment sign.
class LineReader {
 public:
  LineReader(std::string_view line, size_t number)
      : line_(line.substr(0, line.find('#'))), number_(number) {}

  // The next word, or "" at the end of the line.
  std::string_view next();
  // The same word will be next again.
  std::string_view peek();
  [[nodiscard]] bool at_end() { return peek().empty(); }
  // Of the line, from 1.
  [[nodiscard]] size_t number() const { return number_; }

  // An error of kind kUsage at the last word read, "LINE:COLUMN".
  [[nodiscard]] tl::unexpected<Error> error(const std::string &expected) const;
  // Passes the error of a nested parser on, with this position.
  [[nodiscard]] tl::unexpected<Error> error(const Error &nested) const;

 private:
  std::string_view line_;
  size_t number_;
  size_t position_ = 0;
  size_t word_start_ = 0;
};

// A whole number in decimal or 0x notation. Errors are the reader's.
Result<uint64_t> parse_number(std::string_view text, uint64_t max, const LineReader &reader);

}  // namespace sklab
