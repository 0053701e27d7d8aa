// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/thresholds.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "bench/gate/percentage.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

// Thrown and caught in this file only: one place of a file is wrong, all callers end.
struct WrongEntry {
  toml::source_position at;
  std::string what;
};

double read_fraction(const toml::node &node) {
  const auto text = node.value<std::string>();
  if (text) {
    const auto fraction = parse_percentage(*text);
    if (fraction) return *fraction;
  }
  throw WrongEntry{node.source().begin, "this wants a percentage in quotes: \"2%\""};
}

double read_change(const toml::node &node) {
  const double change = read_fraction(node);
  if (change > 0) return change;
  throw WrongEntry{node.source().begin, "change wants more than 0%"};
}

double read_floor(const toml::node &node) {
  const auto value = node.value<double>();
  if (value && std::isfinite(*value) && *value >= 0) return *value;
  throw WrongEntry{node.source().begin, "absolute_floor_ns wants nanoseconds: 0.5"};
}

struct ThresholdKey {
  std::string_view name;
  double (*read)(const toml::node &node);
  std::optional<double> ThresholdValues::*value;
  double Threshold::*threshold;
};
constexpr ThresholdKey kThresholdKeys[] = {
    {"change", read_change, &ThresholdValues::change, &Threshold::change},
    {"absolute_floor_ns", read_floor, &ThresholdValues::absolute_floor_ns,
     &Threshold::absolute_floor_ns},
    {"size_growth", read_fraction, &ThresholdValues::size_growth, &Threshold::size_growth},
};

// Whether it was one of these keys.
bool read_value(const toml::key &key, const toml::node &node, ThresholdValues &values) {
  const auto *known = std::find_if(std::begin(kThresholdKeys), std::end(kThresholdKeys),
                                   [&](const ThresholdKey &one) { return key == one.name; });
  if (known == std::end(kThresholdKeys)) return false;
  values.*known->value = known->read(node);
  return true;
}

void apply(const ThresholdValues &values, Threshold &threshold) {
  for (const ThresholdKey &key : kThresholdKeys) {
    threshold.*key.threshold = (values.*key.value).value_or(threshold.*key.threshold);
  }
}

Pattern read_pattern(const toml::node &node) {
  const auto text = node.value<std::string>();
  if (!text) throw WrongEntry{node.source().begin, "rows wants a regular expression in quotes"};
  auto pattern = Pattern::compile("rows", *text);
  if (!pattern) throw WrongEntry{node.source().begin, pattern.error().message()};
  return std::move(*pattern);
}

[[noreturn]] void refuse_key(const toml::key &key) {
  throw WrongEntry{
      key.source().begin,
      fmt::format("unknown key '{}'; there are change, absolute_floor_ns, size_growth, and "
                  "rows in [[threshold]]",
                  key.str())};
}

ThresholdEntry read_entry(const toml::table &table) {
  std::optional<Pattern> pattern;
  ThresholdValues values;
  for (const auto &[key, node] : table) {
    if (key == "rows") {
      pattern = read_pattern(node);
    } else if (!read_value(key, node, values)) {
      refuse_key(key);
    }
  }
  if (!pattern) throw WrongEntry{table.source().begin, "a [[threshold]] wants rows"};
  return {std::move(*pattern), values};
}

}  // namespace

Result<Thresholds> Thresholds::parse(std::string_view text, const std::string &file,
                                     Threshold everywhere) {
  const auto wrong = [&](const toml::source_position &at, std::string_view what) {
    return fail_as(ErrorKind::kUsage, "read thresholds", fmt::format("{}:{}", file, at.line), 0,
                   std::string(what));
  };
  Thresholds thresholds(everywhere);
  try {
    const toml::table document = toml::parse(text);
    ThresholdValues values;
    for (const auto &[key, node] : document) {
      if (key == "threshold" && node.is_array_of_tables()) {
        for (const toml::node &entry : *node.as_array()) {
          thresholds.entries_.push_back(read_entry(*entry.as_table()));
        }
      } else if (!read_value(key, node, values)) {
        refuse_key(key);
      }
    }
    apply(values, thresholds.everywhere_);
  } catch (const toml::parse_error &error) {
    return wrong(error.source().begin, error.description());
  } catch (const WrongEntry &entry) {
    return wrong(entry.at, entry.what);
  }
  return thresholds;
}

Result<Thresholds> Thresholds::read(const std::filesystem::path &file, Threshold everywhere) {
  const auto text = read_file(file);
  if (!text) {
    return fail_as(ErrorKind::kUsage, "read thresholds", file.string(), text.error().error_number);
  }
  return parse(*text, file.string(), everywhere);
}

Threshold Thresholds::of(const std::string &row) const {
  Threshold threshold = everywhere_;
  for (const ThresholdEntry &entry : entries_) {
    if (entry.pattern.is_found_in(row)) apply(entry.values, threshold);
  }
  return threshold;
}

}  // namespace sklab
