// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>

#include "fuzz/campaign/campaign_record.h"
#include "harness/base/result.h"

namespace sklab {

// What a run did, at most 100 columns apart from paths and reasons.
std::string summary_text(const CampaignRecord &record);
// The same as a page of GitHub's Markdown.
std::string summary_markdown(const CampaignRecord &record);
std::string summary_json(const CampaignRecord &record);

// summary.txt, summary.md and summary.json. Errors: what the file system reports.
Result<> write_summaries(const CampaignRecord &record, const std::filesystem::path &folder);

}  // namespace sklab
