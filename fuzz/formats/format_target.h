// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "fuzz/target/fuzz_target.h"

namespace sklab {

// A target for a format that is read back: `complaint` says what is wrong with how these bytes are
// read, which is nothing if it is empty.
class FormatTarget : public FuzzTarget {
 public:
  using Complaint = std::string (*)(std::span<const uint8_t> input);

  FormatTarget(Complaint complaint, std::string promise)
      : complaint_(complaint), promise_(std::move(promise)) {}

  Result<std::optional<Finding>> check(std::span<const uint8_t> input) override {
    ++checked_;
    const std::string wrong = complaint_(input);
    if (wrong.empty()) return std::nullopt;
    return Finding{wrong, promise_ + "\n", wrong + "\n", {}, {}};
  }
  [[nodiscard]] uint64_t checked() const override { return checked_; }

 private:
  Complaint complaint_;
  std::string promise_;  // what holds for any bytes
  uint64_t checked_ = 0;
};

// What is wrong with a format whose records are read by `parse` and written by `write`: any text
// must be an error, or a record that is written and read the same again.
template <auto parse, auto write>
std::string round_trip_complaint(std::span<const uint8_t> input) {
  const auto record = parse({reinterpret_cast<const char *>(input.data()), input.size()});
  if (!record) return "";
  const std::string text = write(*record);
  const auto again = parse(text);
  if (!again) return "a record that is not read again: " + again.error().message();
  return write(*again) == text ? "" : "a record that is written differently";
}

inline constexpr char kRoundTripPromise[] = "an error, or a record that is read again";

}  // namespace sklab
