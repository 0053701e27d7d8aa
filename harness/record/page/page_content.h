// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/record/compare/compare_record.h"
#include "harness/record/flood/flood_record.h"
#include "harness/record/gate_record.h"
#include "harness/record/latency/latency_record.h"
#include "harness/record/page/campaign_view.h"
#include "harness/record/page/conform_view.h"
#include "harness/record/page/page_section.h"
#include "harness/record/range/range_record.h"
#include "harness/record/run_record.h"

namespace sklab {

// Everything a page is made of.
struct PageContent {
  std::vector<std::string> sources;  // the files, as they were named
  std::vector<RunRecord> runs;
  std::vector<GateRecord> gates;
  std::vector<ConformView> conforms;
  std::vector<CompareRecord> comparisons;  // of kernels
  std::vector<FloodRecord> floods;
  std::vector<LatencyRecord> latencies;
  std::vector<RangeRecord> ranges;
  std::vector<CampaignView> campaigns;
  // Of `sklab report --history`. Without the samples, which trends do not show.
  std::vector<RunRecord> history;
  std::vector<CampaignView> campaign_history;
  // What else there is to show; the page puts it after its own.
  std::vector<PageSection> sections;
};

// Adds a result to what the page shows: a file that a command of sklab wrote, whatever its name, or
// all of those in a folder that have the name which the command gave them.
// Errors are of kind kUsage and name the file: nothing there, no JSON, not written by sklab, of
// another schema version, or damaged.
Result<> add_result(const std::filesystem::path &path, PageContent &content);

// Adds what is in a folder and its folders, one level deep, to what trends are made of. Runs that
// are there twice (the link `latest`) count once; gates and conformance runs are no trend. Errors
// as above, also for a folder without any run.
Result<> add_history(const std::filesystem::path &folder, PageContent &content);

}  // namespace sklab
