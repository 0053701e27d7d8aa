// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/dialects.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/cli/command.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/conform/dialect_differences.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kIntroduction[] =
    "What the same programs do under two rule sets. Each difference is minimal: without any one "
    "of\n"
    "its programs or assigns there is none. All were run on this kernel, by a helper's lookup and\n"
    "with a packet.\n\n"
    "  redirect   2 July 2020: OK, DROP, REDIRECT; all programs share one selection\n"
    "  ok_drop    the reply: no REDIRECT, selecting is enough, NULL discards\n"
    "  pass_drop  merged in Linux 5.9: each program starts from what those before it decided\n";

// The lines of the scenario that begin with `program`, without that word.
std::vector<std::string> programs_of(const Scenario &scenario) {
  constexpr std::string_view kKeyword = "program ";
  std::istringstream text(format_scenario(scenario));
  std::vector<std::string> programs;
  for (std::string line; std::getline(text, line);) {
    if (line.rfind(kKeyword, 0) == 0) programs.push_back(line.substr(kKeyword.size()));
  }
  return programs;
}

void print_difference(const DialectPair &pair, const DialectDifference &difference) {
  const auto first = programs_of(difference.first);
  const auto second = programs_of(difference.second);
  for (size_t i = 0; i < first.size(); ++i) {
    fmt::print("    {:<44} {}\n", first[i], second[i] == first[i] ? "" : "or  " + second[i]);
  }
  fmt::print("      {}: {}; {}: {}\n\n", dialect_name(pair.first), difference.first_outcome,
             dialect_name(pair.second), difference.second_outcome);
}

void print_text(const std::vector<DialectPair> &pairs) {
  fmt::print("{}", kIntroduction);
  for (const DialectPair &pair : pairs) {
    fmt::print("\n{} and {}: {} minimal differences in {} scenarios\n\n", dialect_name(pair.first),
               dialect_name(pair.second), pair.differences.size(), pair.scenarios_compared);
    for (const DialectDifference &difference : pair.differences) {
      print_difference(pair, difference);
    }
  }
}

Json json_of(const DialectPair &pair) {
  Json differences = Json::array();
  for (const DialectDifference &difference : pair.differences) {
    differences.push_back({{"first", format_scenario(difference.first)},
                           {"second", format_scenario(difference.second)},
                           {"first_outcome", difference.first_outcome},
                           {"second_outcome", difference.second_outcome}});
  }
  return {{"first", dialect_name(pair.first)},
          {"second", dialect_name(pair.second)},
          {"scenarios_compared", pair.scenarios_compared},
          {"differences", std::move(differences)}};
}

}  // namespace

ExitCode run_dialects(const DialectsOptions &options) {
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  const std::vector<DialectPair> pairs = find_dialect_differences();
  if (const auto confirmed = confirm_differences(pairs); !confirmed) {
    return report_error(confirmed.error());
  }
  if (!options.json) {
    print_text(pairs);
    return ExitCode::kOk;
  }
  Json document = {{"schema_version", 1}, {"pairs", Json::array()}};
  for (const DialectPair &pair : pairs) document["pairs"].push_back(json_of(pair));
  fmt::print("{}\n", document.dump(1));
  return ExitCode::kOk;
}

Command add_dialects(CLI::App &app, const std::string & /*command_line*/) {
  const auto options = std::make_shared<DialectsOptions>();
  CLI::App *dialects = app.add_subcommand(
      "dialects", "Show where the rules of 2020's proposals and the merged ones differ");
  dialects->add_flag("--json", options->json, "Print JSON");
  dialects->footer(
      "The smallest scenarios whose outcomes differ, each run on this kernel in both dialects.\n\n"
      "Examples:\n  sklab dialects\n  sklab dialects --json | jq '.pairs[].differences | "
      "length'\n");
  return {dialects, [options] { return run_dialects(*options); }};
}

}  // namespace sklab
