// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/campaign/campaign_record.h"
#include "fuzz/campaign/fuzzers.h"
#include "fuzz/campaign/live.h"
#include "fuzz/campaign/workplace.h"
#include "harness/base/result.h"

namespace sklab {

struct CampaignSettings {
  std::filesystem::path folder;
  std::optional<double> total_s;  // none: until it is interrupted
  unsigned jobs = 1;              // processes at a time
  uint64_t seed = 0;
  std::string mutant;  // the wrong rule; "" for the kernel's
  bool stop_at_first_finding = false;
  std::string journal_sync;  // "" for what each target takes by itself
};

// Runs fuzzers in `workplace` until their time is over, or whatever else ends a run, and writes its
// summary into the folder. Uses harness/measure/interrupt.h. To be called while there is one
// thread. Errors: of what has to be there before the first process starts; later ones end the run
// and are in the record.
Result<CampaignRecord> run_campaign(const std::vector<Fuzzer> &fuzzers,
                                    const CampaignSettings &settings, Workplace &workplace,
                                    Live &live);

}  // namespace sklab
