// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Made-up records that have everything a page can show, for its tests; a gate is in
// record/test_record.h.
#pragma once

#include <cstdint>
#include <string>

#include "fuzz/campaign/campaign_record.h"
#include "harness/record/conform_record.h"
#include "harness/record/run_record.h"

namespace sklab {

// `text` stands wherever a record has free text, so that a test sees what becomes of it.
RunRecord example_run(const std::string &text);
ConformRecord example_conform(const std::string &text);
CampaignRecord example_campaign(const std::string &text);

// The run number `number` of many, a day each; from the twelfth on udp4/pass costs 10 % more, with
// another kernel, and from the seventeenth on tcp4/pass 5 % less.
RunRecord example_run_of_history(unsigned number);
CampaignRecord example_campaign_of_history(unsigned number);

}  // namespace sklab
