// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/mutant_score.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "fuzz/kernel_changes/kernel_mutant.h"
#include "harness/base/lines.h"

namespace sklab {
namespace {

const KernelMutant *mutant_named(const std::string &name) {
  const auto number = mutant_number(name);
  return number ? &kernel_mutants()[*number - 1] : nullptr;
}

bool is_equivalent(const MutantScore &score) {
  const KernelMutant *mutant = mutant_named(score.name);
  return mutant != nullptr && mutant->equivalent != nullptr;
}

std::string line_of(const MutantScore &score) {
  const std::string result = score.noticed          ? fmt::format("{}: {}", score.by, score.sign)
                             : is_equivalent(score) ? "the same as the original"
                                                    : "NOT NOTICED";
  return fmt::format("{:<40} {:>7.1f}  {}\n", score.name, score.seconds, result);
}

// The name in a line of KTAP with this result; none for another line.
std::optional<std::string> case_after(std::string_view result, std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  if (!line.starts_with(result)) return std::nullopt;
  line.remove_prefix(result.size());
  line.remove_prefix(std::min(line.find(' '), line.size()));
  line.remove_prefix(std::min(line.find_first_not_of(" -"), line.size()));
  return std::string(line.substr(0, line.find(" # ")));
}

}  // namespace

std::string mutant_scores_json(const std::vector<MutantScore> &scores) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const MutantScore &score : scores) {
    list.push_back({{"name", score.name},
                    {"kernel", score.kernel},
                    {"stage", score.stage},
                    {"noticed", score.noticed},
                    {"by", score.by},
                    {"sign", score.sign},
                    {"duration_s", score.seconds}});
  }
  const nlohmann::ordered_json json = {{"schema_version", 1}, {"mutants", list}};
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<std::vector<MutantScore>> parse_mutant_scores(const std::string &text) {
  try {
    std::vector<MutantScore> scores;
    const auto json = nlohmann::json::parse(text);
    for (const auto &one : json.at("mutants")) {
      scores.push_back({one.at("name"), one.at("kernel"), one.at("stage"), one.at("noticed"),
                        one.at("by"), one.at("sign"), one.at("duration_s")});
    }
    return scores;
  } catch (const nlohmann::json::exception &error) {
    return fail_as(ErrorKind::kUsage, "read scores of mutants", "", 0, error.what());
  }
}

std::string mutant_table(const std::vector<MutantScore> &scores) {
  std::string text = fmt::format("{:<40} {:>7}  {}\n", "mutant", "seconds", "noticed by");
  size_t counted = 0;
  size_t noticed = 0;
  size_t quickly = 0;
  constexpr double kQuicklyS = 60;
  for (const MutantScore &score : scores) {
    text += line_of(score);
    if (is_equivalent(score) && !score.noticed) continue;
    ++counted;
    noticed += score.noticed ? 1 : 0;
    quickly += score.noticed && score.seconds <= kQuicklyS ? 1 : 0;
  }
  const double whole = counted == 0 ? 1 : static_cast<double>(counted);
  return text + fmt::format(
                    "\n{} of {} noticed ({:.1f} %), {} within {} s ({:.1f} %); {} are the same "
                    "as the original\n",
                    noticed, counted, 100 * static_cast<double>(noticed) / whole, quickly,
                    kQuicklyS, 100 * static_cast<double>(quickly) / whole, scores.size() - counted);
}

std::string first_failed_case(std::string_view ktap) {
  while (!ktap.empty()) {
    if (const auto name = case_after("not ok ", take_line(ktap))) return *name;
  }
  return "";
}

std::vector<std::string> excused_cases(std::string_view ktap) {
  std::vector<std::string> names;
  while (!ktap.empty()) {
    const std::string_view line = take_line(ktap);
    if (line.find(" # XFAIL") == std::string_view::npos) continue;
    if (auto name = case_after("ok ", line)) names.push_back(std::move(*name));
  }
  return names;
}

}  // namespace sklab
