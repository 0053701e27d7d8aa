// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/campaign.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "fuzz/campaign/campaign_run.h"
#include "fuzz/campaign/corpus.h"
#include "fuzz/campaign/crash.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

constexpr int kPollMs = 100;
// After so many failures, or crashes of a known kind, a target is given up.
constexpr unsigned kMostFailures = 3;

}  // namespace

Result<> CampaignRun::run() {
  while (true) {
    SKLAB_CHECK(start_workers());
    SKLAB_CHECK(wait_and_read());
    SKLAB_CHECK(collect_ended());
    if (elapsed_s() >= next_checkpoint_s_) SKLAB_CHECK(checkpoint());
    show();
    if (const auto end = why_end()) {
      record_.end = *end;
      return Ok{};
    }
  }
}

Result<> CampaignRun::start_workers() {
  for (unsigned job = 0; job < settings_.jobs; ++job) {
    const bool busy = std::any_of(workers_.begin(), workers_.end(),
                                  [&](const auto &worker) { return worker->job() == job; });
    if (busy) continue;
    const auto slice = schedule_.next(elapsed_s());
    if (!slice) return Ok{};
    WorkerSettings settings;
    settings.job = job;
    settings.seed = static_cast<uint32_t>(seeds_() >> 33) + 1;
    settings.mutant = settings_.mutant;
    settings.journal_sync = settings_.journal_sync;
    SKLAB_TRY(auto worker, workplace_.start(fuzzers_[slice->target], folder_, *slice, settings));
    workers_.push_back(std::move(worker));
  }
  return Ok{};
}

Result<> CampaignRun::wait_and_read() {
  std::vector<pollfd> fds;
  for (const auto &worker : workers_) fds.push_back({worker->output_fd(), POLLIN, 0});
  ::poll(fds.data(), fds.size(), kPollMs);
  // One that has closed its output and has not ended would make this a loop without a pause.
  const bool only_closed =
      std::any_of(fds.begin(), fds.end(), [](const pollfd &fd) { return fd.revents == POLLHUP; });
  constexpr int kPauseMs = 10;
  if (only_closed) ::poll(nullptr, 0, kPauseMs);
  for (const auto &worker : workers_) SKLAB_CHECK(worker->advance());
  return Ok{};
}

Result<> CampaignRun::collect_ended() {
  for (auto worker = workers_.begin(); worker != workers_.end();) {
    SKLAB_TRY(const std::optional<WorkerEnd> end, (*worker)->ended());
    const auto next = std::next(worker);
    if (end) {
      const std::unique_ptr<Worker> ended = std::move(*worker);
      workers_.erase(worker);
      SKLAB_CHECK(handle_end(*ended, *end));
    }
    worker = next;
  }
  return Ok{};
}

Result<> CampaignRun::handle_end(Worker &worker, WorkerEnd end) {
  const size_t index = worker.slice().target;
  TargetRecord &target = record_.targets[index];
  target.run += worker.figures();
  schedule_.end(worker.slice(), worker.seconds());
  workplace_.take(worker);
  target.corpus_inputs = count_inputs(folder_.corpus(fuzzers_[index]));
  switch (end) {
    case WorkerEnd::kDone:
      troubles_[index].failures = 0;
      break;
    case WorkerEnd::kFinding:
    case WorkerEnd::kFell:
      troubles_[index].failures = 0;
      SKLAB_CHECK(examine(worker));
      break;
    case WorkerEnd::kCrash:
      SKLAB_CHECK(handle_crash(worker));
      break;
    case WorkerEnd::kSkip:
      target.skipped = worker.output().complaint();
      live_.event("skip", target.name, target.skipped);
      schedule_.drop(index);
      break;
    case WorkerEnd::kFailed:
      if (++troubles_[index].failures < kMostFailures) break;
      give_up(index,
              fmt::format("exit code {}: {}", worker.exit_code(), worker.output().complaint()));
      break;
  }
  clear_crash_inputs(folder_.scratch(), worker.name());
  note_findings();
  return Ok{};
}

Result<> CampaignRun::examine(Worker &worker) {
  const size_t index = worker.slice().target;
  // The others have to be read, and ended in time.
  Result<> others = Ok{};
  const auto meanwhile = [&] {
    for (const auto &other : workers_) {
      if (auto advanced = other->advance(); !advanced) others = advanced;
    }
    show();
  };
  auto examined = workplace_.examine(worker, fuzzers_[index], folder_, settings_.mutant, meanwhile);
  if (!examined) {
    // It makes no sense, since the guest's memory may be broken, or cannot be written.
    live_.event("failure", fuzzers_[index].name, examined.error().message());
    record_.notes.push_back("not looked at again: " + examined.error().message());
    return Ok{};
  }
  if (*examined == Examined::kKnown) ++record_.targets[index].run.known_findings;
  if (*examined == Examined::kUnrepeated) ++unrepeated_;
  return others;
}

Result<> CampaignRun::handle_crash(const Worker &worker) {
  const size_t index = worker.slice().target;
  const FindingFolder findings(folder_.findings(),
                               {fuzzers_[index].name, record_.rules, workplace_.fingerprint()});
  Finding finding = describe_crash(worker.output().last_lines(), worker.exit_code());
  if (findings.has(finding)) {
    ++record_.targets[index].run.known_findings;
    if (++troubles_[index].repeated_crashes >= kMostFailures) give_up(index, finding.signature);
    return Ok{};
  }
  const auto input =
      crash_input(folder_.scratch(), worker.name(), folder_.journals() / worker.name());
  const std::string bytes = input.value_or("");
  SKLAB_CHECK(findings.add(finding, {reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()},
                           kernel_log_.read()));
  return Ok{};
}

void CampaignRun::give_up(size_t target, std::string reason) {
  record_.targets[target].failed = std::move(reason);
  live_.event("failure", record_.targets[target].name, record_.targets[target].failed);
  schedule_.drop(target);
}

void CampaignRun::show() {
  LiveFigures figures;
  figures.elapsed_s = elapsed_s();
  figures.total_s = settings_.total_s;
  figures.findings = new_findings(record_);
  for (size_t i = 0; i < fuzzers_.size(); ++i) {
    const TargetFigures target = figures_of(i);
    figures.executions += target.executions;
    figures.checked += target.checked;
    figures.known_findings += target.known_findings;
    figures.corpus_inputs += record_.targets[i].corpus_inputs;
    figures.coverage += record_.targets[i].coverage;
  }
  for (const auto &worker : workers_) figures.running.push_back(worker->name());
  live_.update(figures);
}

std::optional<CampaignEnd> CampaignRun::why_end() {
  if (interrupted()) return CampaignEnd::kInterrupted;
  const bool met_known = !settings_.mutant.empty() && total(record_).known_findings > 0;
  if (settings_.stop_at_first_finding && (new_findings(record_) > 0 || met_known)) {
    return CampaignEnd::kFirstFinding;
  }
  if (!workers_.empty()) return std::nullopt;
  if (schedule_.empty()) return CampaignEnd::kNoTarget;
  if (settings_.total_s && !schedule_.time_left(elapsed_s())) return CampaignEnd::kTime;
  return std::nullopt;
}

Result<CampaignRecord> run_campaign(const std::vector<Fuzzer> &fuzzers,
                                    const CampaignSettings &settings, Workplace &workplace,
                                    Live &live) {
  SKLAB_TRY(CampaignFolder folder, CampaignFolder::open(settings.folder));
  CampaignRun run(std::move(folder), fuzzers, settings, workplace, live);
  SKLAB_CHECK(run.set_up());
  return run.finish(run.run());
}

}  // namespace sklab
