// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/campaign_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "fuzz/campaign/corpus.h"
#include "fuzz/campaign/summary.h"
#include "harness/base/utc_time.h"

namespace sklab {
namespace {

constexpr double kMostSliceS = 300;
// A wrong rule is found in seconds by the target that it is for, which may be the last to get its
// turn.
constexpr double kMostMutantSliceS = 5;
constexpr double kCheckpointPeriodS = 1;

}  // namespace

CampaignRun::CampaignRun(CampaignFolder folder, const std::vector<Fuzzer> &fuzzers,
                         const CampaignSettings &settings, Workplace &workplace, Live &live)
    : folder_(std::move(folder)),
      fuzzers_(fuzzers),
      settings_(settings),
      workplace_(workplace),
      live_(live),
      schedule_(fuzzers.size(), settings.jobs, settings.total_s,
                settings.mutant.empty() || fuzzers.size() == 1 ? kMostSliceS : kMostMutantSliceS,
                workplace.start_s()),
      seeds_(settings.seed),
      troubles_(fuzzers.size()) {}

double CampaignRun::elapsed_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
}

Result<> CampaignRun::set_up() {
  record_.started_utc = utc_time(std::time(nullptr));
  record_.sklab_version = read_fingerprint().sklab_version;
  record_.folder = settings_.folder.string();
  record_.rules = settings_.mutant.empty() ? kKernelRules : settings_.mutant;
  record_.seed = settings_.seed;
  record_.jobs = settings_.jobs;
  SKLAB_CHECK(take_over_state());
  SKLAB_CHECK(check_corpora());
  note_findings();
  return checkpoint();
}

Result<> CampaignRun::take_over_state() {
  state_ = folder_.read_state(record_.notes);
  // What is a finding for one set of rules is none for another.
  if (!state_.rules.empty() && state_.rules != record_.rules) {
    return fail_as(ErrorKind::kUsage, "use folder", record_.folder, 0,
                   fmt::format("its rules are '{}'; choose another with --folder", state_.rules));
  }
  figures_before_ = state_.targets;
  record_.continues_killed_run = state_.run_is_open;
  if (state_.run_is_open) {
    // Its findings have not been reported to anybody: they count for this run.
    SKLAB_CHECK(folder_.keep_journals(state_.runs));
  } else {
    state_.findings_before.clear();
    for (const FindingRecord &finding : folder_.read_findings()) {
      state_.findings_before.insert(finding.name);
    }
  }
  state_.rules = record_.rules;
  state_.run_is_open = true;
  record_.run = ++state_.runs;
  return Ok{};
}

Result<> CampaignRun::check_corpora() {
  for (const Fuzzer &fuzzer : fuzzers_) {
    const std::filesystem::path corpus = folder_.corpus(fuzzer);
    std::error_code error;
    std::filesystem::create_directories(corpus, error);
    if (error) return fail("make folder", corpus.string(), error.value());
    SKLAB_TRY(const CorpusCheck check,
              check_corpus(corpus, folder_.skipped_inputs() / corpus_name(fuzzer)));
    record_.corrupt_inputs += check.skipped;
    TargetRecord target;
    target.name = fuzzer.name;
    target.input_version = fuzzer.input_version;
    target.corpus_inputs = check.inputs;
    record_.targets.push_back(std::move(target));
  }
  record_.other_version_inputs =
      count_others(folder_.corpora(), folder_.skipped_inputs(), fuzzers_);
  return Ok{};
}

TargetFigures CampaignRun::figures_of(size_t target) const {
  TargetFigures figures = record_.targets[target].run;
  for (const auto &worker : workers_) {
    if (worker->slice().target == target) figures += worker->figures();
  }
  return figures;
}

Result<> CampaignRun::checkpoint() {
  next_checkpoint_s_ = elapsed_s() + kCheckpointPeriodS;
  for (size_t i = 0; i < fuzzers_.size(); ++i) {
    TargetFigures figures = figures_before_[fuzzers_[i].name];
    figures += figures_of(i);
    state_.targets[fuzzers_[i].name] = figures;
  }
  for (const auto &worker : workers_) {
    TargetRecord &target = record_.targets[worker->slice().target];
    const LibFuzzerFigures &figures = worker->output().figures();
    target.coverage = std::max(target.coverage, figures.coverage);
    target.features = std::max(target.features, figures.features);
    target.corpus_inputs = std::max(target.corpus_inputs, figures.corpus_inputs);
  }
  return folder_.write_state(state_);
}

// The folders are what counts: a target writes them, and perhaps ends, or not.
void CampaignRun::note_findings() {
  for (FindingRecord &finding : folder_.read_findings()) {
    const bool is_known =
        std::any_of(record_.findings.begin(), record_.findings.end(),
                    [&](const FindingRecord &other) { return other.name == finding.name; });
    if (is_known) continue;
    finding.is_new = !state_.findings_before.contains(finding.name);
    if (finding.is_new) {
      live_.event("finding", finding.target,
                  fmt::format("{} ({})", finding.signature,
                              (settings_.folder / "findings" / finding.name).string()));
    }
    record_.findings.push_back(std::move(finding));
  }
}

CampaignRecord CampaignRun::finish(const Result<> &result) {
  if (!result) {
    record_.end = CampaignEnd::kFailure;
    record_.failure = result.error().message();
    folder_.release_reserve();  // the fuzzers have to write findings and logs yet
  }
  Result<> stopped = Ok{};
  while (!workers_.empty()) {
    for (const auto &worker : workers_) worker->stop();
    stopped = wait_and_read();
    if (stopped) stopped = collect_ended();
    // A log that cannot be written must not keep anything from ending.
    if (!stopped) workers_.clear();
  }
  live_.finish();
  note_findings();
  if (!settings_.mutant.empty() && record_.findings.empty()) {
    record_.notes.emplace_back("The wrong rule was not found.");
  }
  if (unrepeated_ > 0) {
    record_.notes.push_back(
        fmt::format("{} did not happen again in a fresh guest, and {} kept in {}", unrepeated_,
                    unrepeated_ == 1 ? "is" : "are", (settings_.folder / "unrepeated").string()));
  }
  record_.duration_s = elapsed_s();
  state_.run_is_open = false;
  for (size_t i = 0; i < fuzzers_.size(); ++i) {
    record_.targets[i].all = figures_before_[fuzzers_[i].name];
    record_.targets[i].all += record_.targets[i].run;
  }
  record_.kernel_release = workplace_.kernel_name();
  folder_.clear_scratch();
  folder_.release_reserve();
  auto written = checkpoint();
  if (written) written = workplace_.save(folder_);
  if (written) written = write_summaries(record_, folder_.path());
  if (!written) {
    record_.notes.push_back("not everything could be saved: " + written.error().message());
    if (record_.end != CampaignEnd::kFailure) {
      record_.end = CampaignEnd::kFailure;
      record_.failure = written.error().message();
    }
  }
  return record_;
}

}  // namespace sklab
