// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/campaign_state.h"

#include <nlohmann/json.hpp>

namespace sklab {
namespace {

constexpr int kSchemaVersion = 1;

nlohmann::ordered_json figures_json(const TargetFigures &figures) {
  return {{"seconds", figures.seconds},
          {"executions", figures.executions},
          {"checked", figures.checked},
          {"kernel_ns", figures.kernel_ns},
          {"known_findings", figures.known_findings}};
}

TargetFigures figures_of(const nlohmann::json &json) {
  return {json.at("seconds"), json.at("executions"), json.at("checked"), json.at("kernel_ns"),
          json.at("known_findings")};
}

}  // namespace

std::string format_campaign_state(const CampaignState &state) {
  nlohmann::ordered_json targets = nlohmann::ordered_json::object();
  for (const auto &[name, figures] : state.targets) targets[name] = figures_json(figures);
  const nlohmann::ordered_json json = {{"schema_version", kSchemaVersion},
                                       {"rules", state.rules},
                                       {"runs", state.runs},
                                       {"run_is_open", state.run_is_open},
                                       {"findings_before", state.findings_before},
                                       {"targets", targets}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<CampaignState> parse_campaign_state(const std::string &text) {
  try {
    const auto json = nlohmann::json::parse(text);
    if (json.at("schema_version") != kSchemaVersion) {
      return fail("read a campaign of another version");
    }
    CampaignState state{.rules = json.at("rules"),
                        .runs = json.at("runs"),
                        .run_is_open = json.at("run_is_open"),
                        .findings_before = json.at("findings_before"),
                        .targets = {}};
    for (const auto &[name, figures] : json.at("targets").items()) {
      state.targets[name] = figures_of(figures);
    }
    return state;
  } catch (const nlohmann::json::exception &error) {
    return fail("read the campaign's state", {}, 0, error.what());
  }
}

}  // namespace sklab
