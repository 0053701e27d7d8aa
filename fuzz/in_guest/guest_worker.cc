// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/guest_worker.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <utility>

#include "fuzz/campaign/fuzzer_command.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

// The campaign ends a guest when its time is over, and one that is silent is found to hang; this is
// for what neither of them is.
constexpr double kGraceS = 3600;

GuestProgram program_of(const Fuzzer &fuzzer, const CampaignFolder &folder,
                        const WorkerSettings &settings) {
  FuzzerCommand command = fuzzer_command(fuzzer, folder, settings, "/tmp/");
  command.environment["SKLAB_STREAM"] = folder.corpus(fuzzer);
  // What is set here is not set there.
  if (const char *signals = std::getenv("SKLAB_SIGNALS")) {
    command.environment["SKLAB_SIGNALS"] = signals;
  }
  GuestProgram program{std::move(command.arguments),
                       std::move(command.environment),
                       {folder.corpus(fuzzer), fuzzer.dictionary, fuzzer.seeds}};
  // It only has to know that they are there; with their logs they can be many megabytes.
  for (const FindingRecord &finding : folder.read_findings()) {
    program.inputs.push_back(folder.findings() / finding.name / "finding.json");
  }
  return program;
}

}  // namespace

GuestWorker::GuestWorker(GuestJob job, Journal journal, std::filesystem::path corpus, LogFile log,
                         Schedule::Slice slice, unsigned job_number, std::string name)
    : Worker(std::move(log), slice, job_number, std::move(name)),
      job_(std::move(job)),
      journal_(std::move(journal)),
      corpus_(std::move(corpus)) {
  job_.options.output = [this](std::string_view text) { printed_ += text; };
  job_.options.errors = job_.options.output;
  job_.options.take_notes = [this](std::string_view bytes) {
    if (trouble_) return;
    if (auto added = stream_.add(bytes); !added) trouble_ = added.error();
  };
  stream_.begins_input = [this](const std::string &input) {
    if (stream_.inputs_begun() == 1) begin_now();
    return journal_.add({reinterpret_cast<const uint8_t *>(input.data()), input.size()});
  };
  stream_.keeps_input = [this](const NamedPayload &input) {
    return write_file_atomically(corpus_ / input.name, input.content);
  };
}

Result<std::unique_ptr<GuestWorker>> GuestWorker::start(const GuestFuzzing &fuzzing,
                                                        const Fuzzer &fuzzer,
                                                        const CampaignFolder &folder,
                                                        Schedule::Slice slice,
                                                        const WorkerSettings &settings) {
  std::string name = fmt::format("{}.{}", fuzzer.name, settings.job);
  SKLAB_TRY(LogFile log, LogFile::open(folder.logs() / (name + ".log")));
  SKLAB_TRY(Journal journal, Journal::open(folder.journals() / name, JournalSync::kNone));
  GuestJob job = fuzz_job(fuzzing, program_of(fuzzer, folder, settings), settings.seed,
                          slice.seconds + kGraceS);
  SKLAB_CHECK(log.write(fmt::format("$ {}\n", fmt::join(job.command.arguments, " "))));
  std::unique_ptr<GuestWorker> worker(new GuestWorker(std::move(job), std::move(journal),
                                                      folder.corpus(fuzzer), std::move(log), slice,
                                                      settings.job, std::move(name)));
  SKLAB_TRY(worker->session_, GuestSession::start(worker->job_));
  return worker;
}

Result<> GuestWorker::advance() {
  if (end_) return Ok{};
  const auto over = session_->advance();
  if (!over) return give_up(over.error());
  if (trouble_) return give_up(*trouble_);
  SKLAB_CHECK(take_output(std::exchange(printed_, {})));
  if (*over) {
    auto record = session_->finish();
    if (!record) return give_up(record.error());
    record_ = std::move(*record);
    session_.reset();
    end_ = end_of();
    const bool never_began = record_.end != GuestEnd::kExited && *end_ == WorkerEnd::kFailed;
    if (never_began) return give_up(guest_failure(name(), record_));
  } else if (asked_to_stop_ || (stream_.inputs_begun() > 0 && is_over())) {
    session_.reset();
    end_ = WorkerEnd::kDone;
  }
  return Ok{};
}

Result<> GuestWorker::give_up(const Error &error) {
  session_.reset();
  end_ = WorkerEnd::kFailed;
  return take_output(fmt::format("{}: cannot {}\n", name(), error.message()));
}

WorkerEnd GuestWorker::end_of() const {
  if (record_.end == GuestEnd::kInterrupted) return WorkerEnd::kDone;
  const bool fell = kernel_fell(record_) || !record_.trouble.empty();
  if (fell && stream_.inputs_begun() > 0) return WorkerEnd::kFell;
  if (record_.end != GuestEnd::kExited) return WorkerEnd::kFailed;
  return worker_end(record_.exit_code, false, output());
}

void GuestWorker::stop() { asked_to_stop_ = true; }

TargetFigures GuestWorker::figures() const {
  const StreamFigures &figures = stream_.figures();
  const bool begun = stream_.inputs_begun() > 0;
  return {begun ? seconds() : 0, figures.inputs, figures.checked, figures.kernel_ns,
          figures.known_findings};
}

}  // namespace sklab
