// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How big a change has to be for a gate to speak of it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/pattern.h"
#include "harness/base/result.h"

namespace sklab {

struct Threshold {
  double change = 0.02;            // as a fraction
  double absolute_floor_ns = 0.5;  // per lookup
  double size_growth = 0;          // of programs, as a fraction
};

// What a file says about rows; it may leave anything out.
struct ThresholdValues {
  std::optional<double> change;
  std::optional<double> absolute_floor_ns;
  std::optional<double> size_growth;
};

// For the rows in whose names the pattern is found; what it leaves out is as for the others.
struct ThresholdEntry {
  Pattern pattern;
  ThresholdValues values;
};

class Thresholds {
 public:
  // The same for all rows.
  explicit Thresholds(Threshold everywhere = {}) : everywhere_(everywhere) {}

  // A TOML file (results/README.md describes it). Errors: kUsage, with the line, for a key, pattern
  // or value that it cannot have.
  // What the file leaves open is as in `everywhere`.
  static Result<Thresholds> read(const std::filesystem::path &file, Threshold everywhere = {});
  static Result<Thresholds> parse(std::string_view text, const std::string &file,
                                  Threshold everywhere = {});

  // Of several entries that speak of the row, the last decides.
  [[nodiscard]] Threshold of(const std::string &row) const;

  // For all rows without an entry of their own.
  void set_change(double change) { everywhere_.change = change; }
  void set_size_growth(double growth) { everywhere_.size_growth = growth; }

 private:
  Threshold everywhere_;
  std::vector<ThresholdEntry> entries_;
};

}  // namespace sklab
