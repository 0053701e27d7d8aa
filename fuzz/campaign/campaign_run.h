// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "fuzz/campaign/campaign.h"
#include "fuzz/campaign/campaign_folder.h"
#include "fuzz/campaign/schedule.h"
#include "fuzz/campaign/worker.h"
#include "harness/kernel/kernel_log.h"

namespace sklab {

// One run of a campaign, for run_campaign() only: how it begins and ends is in campaign_run.cc,
// what happens between in campaign.cc.
class CampaignRun {
 public:
  CampaignRun(CampaignFolder folder, const std::vector<Fuzzer> &fuzzers,
              const CampaignSettings &settings, Workplace &workplace, Live &live);

  // Everything that has to be known about the folder, and that a run begins.
  Result<> set_up();
  // Until something ends the run. Errors: what then ended it.
  Result<> run();
  // Ends what still runs, and writes everything down.
  CampaignRecord finish(const Result<> &result);

 private:
  // How often a target has ended as it should not.
  struct Troubles {
    unsigned failures = 0;  // in a row
    unsigned repeated_crashes = 0;
  };

  Result<> take_over_state();
  Result<> check_corpora();
  Result<> start_workers();
  Result<> wait_and_read();
  Result<> collect_ended();
  Result<> handle_end(Worker &worker, WorkerEnd end);
  Result<> examine(Worker &worker);
  Result<> handle_crash(const Worker &worker);
  void give_up(size_t target, std::string reason);
  Result<> checkpoint();
  void note_findings();
  void show();
  std::optional<CampaignEnd> why_end();
  [[nodiscard]] double elapsed_s() const;
  [[nodiscard]] TargetFigures figures_of(size_t target) const;

  CampaignFolder folder_;
  const std::vector<Fuzzer> &fuzzers_;
  const CampaignSettings &settings_;
  Workplace &workplace_;
  Live &live_;
  Schedule schedule_;
  std::mt19937_64 seeds_;
  std::vector<Troubles> troubles_;
  std::list<std::unique_ptr<Worker>> workers_;
  uint64_t unrepeated_ = 0;  // of what fuzzers came upon
  CampaignState state_;
  std::map<std::string, TargetFigures> figures_before_;
  CampaignRecord record_;
  KernelLog kernel_log_ = KernelLog::from_now();
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  double next_checkpoint_s_ = 0;
};

}  // namespace sklab
