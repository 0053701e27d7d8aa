// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Makes corpora small again: of each only a set of inputs that together cover what all of them did.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/campaign/campaign_folder.h"
#include "fuzz/campaign/fuzzers.h"
#include "fuzz/campaign/live.h"
#include "harness/base/result.h"

namespace sklab {

struct MergedCorpus {
  std::string target;
  uint64_t before = 0;   // inputs
  uint64_t offered = 0;  // by other folders
  uint64_t skipped = 0;  // corrupt ones, here and there
  uint64_t after = 0;
  std::string skip_reason;  // why the target cannot run here; "" if it can
};

struct MergeRecord {
  std::vector<MergedCorpus> corpora;
  std::vector<FindingRecord> new_findings;  // the inputs of others are checked, too
  bool was_interrupted = false;
};

// Merges the inputs in `sources` into the campaign's corpora, and makes these minimal. A source is
// a campaign's folder, its folder of corpora, or, if there is one fuzzer only, any folder of
// inputs. A corpus is changed when its minimal set is known: killed before, nothing has changed;
// killed after, it covers what it did. Errors: kUsage for a source that is none of these; what the
// file system reports; a fuzzer that fails.
Result<MergeRecord> merge_corpora(const std::vector<Fuzzer> &fuzzers, const CampaignFolder &folder,
                                  const std::vector<std::filesystem::path> &sources, Live &live);

// As a table.
std::string merge_text(const MergeRecord &record);
std::string merge_json(const MergeRecord &record);

}  // namespace sklab
