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

}  // namespace sklab
