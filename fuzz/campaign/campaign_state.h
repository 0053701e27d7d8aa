// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "fuzz/campaign/campaign_record.h"
#include "harness/base/result.h"

namespace sklab {

// What a campaign knows from run to run besides its corpora and findings: campaign.json.
struct CampaignState {
  std::string rules;
  unsigned runs = 0;         // begun
  bool run_is_open = false;  // the last one has not come to its end: it runs, or was killed
  std::set<std::string> findings_before;         // folders that were there when the run began
  std::map<std::string, TargetFigures> targets;  // by name, of all runs

  bool operator==(const CampaignState &) const = default;
};

std::string format_campaign_state(const CampaignState &state);

// Errors: it is not what format_campaign_state() wrote.
Result<CampaignState> parse_campaign_state(const std::string &text);

}  // namespace sklab
