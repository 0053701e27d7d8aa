// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab mutants`: whether what checks kernels notices kernels that are wrong.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "fuzz/campaign/duration.h"
#include "fuzz/campaign/fuzzers.h"
#include "fuzz/kernel_changes/kernel_mutant.h"
#include "fuzz/kernel_changes/known_bugs.h"
#include "fuzz/kernel_changes/mutant_score.h"
#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/base/pattern.h"
#include "harness/cli/command.h"
#include "harness/cli/report_error.h"
#include "harness/cli/target.h"
#include "harness/cli/target_kernel.h"
#include "harness/guest/kernel_report.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"

namespace sklab {
namespace {

constexpr char kOriginal[] = "original";
constexpr double kStartS = 20;  // of a guest, amply

struct MutantsOptions {
  std::string target;
  std::string filter;
  std::string fuzzers;
  std::string fuzz_time = "60s";
  std::string file = "mutants.json";
  unsigned jobs = 1;
  unsigned memory_mib = 1024;
  double limit_s = 600;
  bool list = false;
  bool json = false;
  bool again = false;
};

class MutantsCommand {
 public:
  MutantsCommand(const MutantsOptions &options, GuestKernel kernel, std::vector<Fuzzer> fuzzers)
      : options_(options), kernel_(std::move(kernel)), fuzzers_(std::move(fuzzers)) {}

  Result<> run();
  [[nodiscard]] const std::vector<MutantScore> &scores() const { return scores_; }

 private:
  using MakeJob = std::function<GuestJob(const MutantScore &)>;
  using Judge = std::function<Result<>(MutantScore &, const GuestOutput &)>;

  Result<> read_before();
  [[nodiscard]] Result<> write() const;
  // What is to be known in the end; it is not known yet if it has no stage.
  Result<> choose();
  Result<> check_original();
  [[nodiscard]] GuestJob job_of(const std::string &mutant) const;
  [[nodiscard]] GuestJob conform_job(const MutantScore &score) const;
  [[nodiscard]] GuestJob fuzz_job(const MutantScore &score) const;
  void take_excused(MutantScore &score, const std::vector<std::string> &excused);
  Result<> judge_conform(MutantScore &score, const GuestOutput &run);
  static Result<> judge_fuzz(MutantScore &score, const GuestOutput &run);
  [[nodiscard]] Result<> check_mutant(const MutantScore &score, const GuestRecord &record) const;
  // One stage of some mutants, in guests beside each other.
  Result<> run_stage(const std::vector<MutantScore *> &scores, const char *stage,
                     const MakeJob &make_job, const Judge &judge);
  Result<> run_conform(const std::vector<MutantScore *> &scores);

  const MutantsOptions &options_;
  GuestKernel kernel_;
  std::vector<Fuzzer> fuzzers_;
  std::vector<MutantScore> before_;  // that the file had
  std::vector<MutantScore> scores_;
  double conform_limit_s_ = options_.limit_s;
  std::vector<std::string> excused_;  // on the kernel as it is
};

// A guest that fell because its kernel is wrong has noticed the mutant, too.
bool take_fall(MutantScore &score, const GuestRecord &record) {
  const auto reports = find_kernel_reports(record.console);
  const bool never_ended = record.end == GuestEnd::kOutOfTime;
  if (!kernel_fell(record) && !never_ended && reports.empty()) return false;
  score.noticed = true;
  score.by = "kernel";
  score.sign = !reports.empty() ? reports.front().signature()
               : never_ended    ? "it never came to the end"
                                : "it stopped";
  return true;
}

// 0 is the kernel as it is.
size_t number_of(const std::string &mutant) { return mutant_number(mutant).value_or(0); }

GuestJob MutantsCommand::job_of(const std::string &mutant) const {
  GuestJob job;
  job.kernel = kernel_;
  job.options.processor = Processor::kEmulated;
  job.options.memory_mib = options_.memory_mib;
  job.options.limit_s = options_.limit_s;
  job.options.kernel_arguments = fmt::format("{}{}", kMutantArgument, number_of(mutant));
  return job;
}

GuestJob MutantsCommand::conform_job(const MutantScore &score) const {
  GuestJob job = job_of(score.name);
  job.options.limit_s = conform_limit_s_;
  job.command = own_command({"conform", "--quick", "--fail-fast", "--seed", "1"});
  return job;
}

GuestJob MutantsCommand::fuzz_job(const MutantScore &score) const {
  GuestJob job = job_of(score.name);
  job.command = own_command({"fuzz", "--json", "--time", options_.fuzz_time, "--seed", "1",
                             "--stop-at-first-finding", "--targets"});
  std::string names;
  for (const Fuzzer &fuzzer : fuzzers_) {
    names += (names.empty() ? "" : ",") + fuzzer.name;
    job.command.programs.push_back(fuzzer.program);
    for (const auto &file : {fuzzer.dictionary, fuzzer.seeds}) {
      if (!file.empty()) job.command.inputs.push_back(file);
    }
  }
  const std::string folder = fuzzers_.front().program.parent_path().string();
  job.command.arguments.insert(job.command.arguments.end(), {names, "--fuzzers", folder});
  return job;
}

// Some mutants are what other kernels are known to do. That this one does so now was seen, too.
void MutantsCommand::take_excused(MutantScore &score, const std::vector<std::string> &excused) {
  if (score.name == kOriginal) {
    excused_ = excused;
    return;
  }
  for (const std::string &name : excused) {
    if (std::find(excused_.begin(), excused_.end(), name) != excused_.end()) continue;
    score.noticed = true;
    score.by = "conform";
    score.sign = name + ", a known deviation of other kernels";
    return;
  }
}

// A skip says nothing of the kernel; what could not be run, as it could on the original, does.
Result<> MutantsCommand::judge_conform(MutantScore &score, const GuestOutput &run) {
  if (take_fall(score, *run.guest)) return Ok{};
  const auto code = static_cast<ExitCode>(run.guest->exit_code);
  if (code == ExitCode::kOk) {
    take_excused(score, excused_cases(run.output));
    return Ok{};
  }
  std::string_view errors = run.errors;
  const std::string complaint(take_line(errors));
  if (code != ExitCode::kFinding && code != ExitCode::kHarnessFailure) {
    return fail("check a mutant in", score.name, 0, complaint);
  }
  score.noticed = true;
  score.by = "conform";
  score.sign = first_failed_case(run.output);
  if (score.sign.empty()) score.sign = complaint;
  return Ok{};
}

Result<> MutantsCommand::judge_fuzz(MutantScore &score, const GuestOutput &run) {
  if (take_fall(score, *run.guest)) return Ok{};
  const auto code = static_cast<ExitCode>(run.guest->exit_code);
  if (code == ExitCode::kOk) return Ok{};
  const auto json = nlohmann::json::parse(run.output, nullptr, false);
  if (code != ExitCode::kFinding || json.is_discarded() || !json.contains("findings") ||
      json["findings"].empty()) {
    std::string_view errors = run.errors;
    return fail("fuzz a mutant in", score.name, 0, std::string(take_line(errors)));
  }
  score.noticed = true;
  score.by = json["findings"][0].value("target", "");
  score.sign = json["findings"][0].value("signature", "");
  return Ok{};
}

// A kernel without mutants would pass as one that nobody notices.
Result<> MutantsCommand::check_mutant(const MutantScore &score, const GuestRecord &record) const {
  const std::string words = mutant_announcement(number_of(score.name));
  if (record.console.find(words) != std::string::npos) return Ok{};
  return fail_as(ErrorKind::kUsage, "find mutants in", kernel_.name, 0,
                 "it is none of this version's `sklab kernel build --all-mutants`");
}

Result<> MutantsCommand::run_stage(const std::vector<MutantScore *> &scores, const char *stage,
                                   const MakeJob &make_job, const Judge &judge) {
  Progress progress(stderr, stage, static_cast<double>(scores.size()));
  for (size_t done = 0; done < scores.size() && !interrupted();) {
    const size_t count = std::min<size_t>(options_.jobs, scores.size() - done);
    std::vector<GuestJob> jobs;
    jobs.reserve(count);
    for (size_t i = 0; i < count; ++i) jobs.push_back(make_job(*scores[done + i]));
    const auto runs = run_guests_for_output(std::move(jobs), count, [&](size_t) {
      progress.update(static_cast<double>(done), fmt::format("{} of {}", done, scores.size()));
    });
    for (size_t i = 0; i < count; ++i) {
      const auto &guest = runs[i].guest;
      if (!guest) return tl::unexpected(guest.error());
      if (guest->end == GuestEnd::kInterrupted) return Ok{};
      if (guest->end == GuestEnd::kFailed || guest->release.empty()) {
        return tl::unexpected(guest_failure(kernel_.name, *guest));
      }
      MutantScore score = *scores[done + i];
      SKLAB_CHECK(check_mutant(score, *guest));
      score.stage = stage;
      score.kernel = guest->release;
      score.seconds += guest->duration_s - guest->started_s;
      SKLAB_CHECK(judge(score, runs[i]));
      *scores[done + i] = std::move(score);
    }
    done += count;
    SKLAB_CHECK(write());
  }
  return Ok{};
}

Result<> MutantsCommand::read_before() {
  std::error_code ignored;
  if (!std::filesystem::exists(options_.file, ignored)) return Ok{};
  SKLAB_TRY(const std::string text, read_file(options_.file));
  SKLAB_TRY(before_, parse_mutant_scores(text));
  return Ok{};
}

// Besides what was chosen, what the file had stays in it.
Result<> MutantsCommand::write() const {
  std::map<std::string, MutantScore> known;
  for (const MutantScore &score : before_) known[score.name] = score;
  for (const MutantScore &score : scores_) {
    if (!score.stage.empty()) known[score.name] = score;
  }
  std::vector<MutantScore> all;
  for (const KernelMutant &mutant : kernel_mutants()) {
    if (const auto score = known.find(mutant.name); score != known.end()) {
      all.push_back(score->second);
    }
  }
  return write_file_atomically(options_.file, mutant_scores_json(all));
}

Result<> MutantsCommand::choose() {
  SKLAB_TRY(const Pattern filter, Pattern::compile("--filter", options_.filter));
  std::map<std::string, MutantScore> known;
  for (MutantScore &score : before_) known[score.name] = score;
  for (const KernelMutant &mutant : kernel_mutants()) {
    if (!filter.is_found_in(mutant.name)) continue;
    const auto score = known.find(mutant.name);
    const bool is_known = score != known.end() && !options_.again;
    scores_.push_back(is_known ? score->second : MutantScore{});
    scores_.back().name = mutant.name;
  }
  if (!scores_.empty()) return Ok{};
  return fail_as(ErrorKind::kUsage, "find a mutant for", options_.filter, 0,
                 "`sklab mutants --list` shows all");
}

Result<> MutantsCommand::run_conform(const std::vector<MutantScore *> &scores) {
  return run_stage(
      scores, "conform", [this](const MutantScore &score) { return conform_job(score); },
      [this](MutantScore &score, const GuestOutput &run) { return judge_conform(score, run); });
}

// A check that refuses the kernel as it is notices nothing when it refuses a mutant.
Result<> MutantsCommand::check_original() {
  MutantScore original;
  original.name = kOriginal;
  SKLAB_CHECK(run_conform({&original}));
  if (!original.noticed) {
    // A mutant that takes so much longer has lost its way.
    constexpr double kPatience = 8;
    conform_limit_s_ = std::min(options_.limit_s, kPatience * original.seconds + kStartS);
    return Ok{};
  }
  return fail_as(ErrorKind::kUsage, "tell mutants from", kernel_.name, 0,
                 fmt::format("without any it is refused, too: {}: {}", original.by, original.sign));
}

Result<> MutantsCommand::run() {
  SKLAB_CHECK(read_before());
  SKLAB_CHECK(choose());
  SKLAB_CHECK(check_original());
  std::vector<MutantScore *> unknown;
  for (MutantScore &score : scores_) {
    if (score.stage.empty()) unknown.push_back(&score);
  }
  SKLAB_CHECK(run_conform(unknown));
  std::vector<MutantScore *> left;
  for (MutantScore &score : scores_) {
    if (!score.noticed && score.stage == "conform") left.push_back(&score);
  }
  if (!fuzzers_.empty()) {
    SKLAB_CHECK(run_stage(
        left, "fuzz", [this](const MutantScore &score) { return fuzz_job(score); }, judge_fuzz));
  }
  std::erase_if(scores_, [](const MutantScore &score) { return score.stage.empty(); });
  return Ok{};
}

// Of a change that is a text in a table.
std::string on_one_line(std::string text) {
  static const RE2 kSpaces("\\s+");
  RE2::GlobalReplace(&text, kSpaces, " ");
  return text;
}

ExitCode list_mutants() {
  fmt::print("Bugs that were (sklab kernel build --change NAME):\n");
  for (const KnownBug &bug : known_bugs()) {
    fmt::print("  {}: {}\n", bug.change.name, bug.history);
  }
  fmt::print("\nMutants (the same, or all of them in one kernel: --all-mutants):\n");
  size_t number = 0;
  for (const KernelMutant &mutant : kernel_mutants()) {
    fmt::print("{:>4} {}: {}: {}: {} becomes {}\n", ++number, mutant.name, mutant.file,
               mutant.function, on_one_line(mutant.find),
               *mutant.replace == '\0' ? "nothing" : on_one_line(mutant.replace));
    if (mutant.equivalent != nullptr) {
      fmt::print("     the same as the original: {}\n", mutant.equivalent);
    }
  }
  return ExitCode::kOk;
}

Result<GuestKernel> kernel_of(const MutantsOptions &options) {
  if (!options.target.starts_with(kGuestPrefix)) {
    return fail_as(ErrorKind::kUsage, "run mutants on",
                   options.target.empty() ? "host" : options.target, 0,
                   "--target guest:NAME, of a kernel of `sklab kernel build --all-mutants`");
  }
  return target_kernel(options.target.substr(kGuestPrefix.size()));
}

// Those that are about the kernel; none if there are no fuzzers here.
Result<std::vector<Fuzzer>> kernel_fuzzers(const MutantsOptions &options) {
  auto found = find_fuzzers(options.fuzzers);
  if (!found) {
    if (found.error().kind != ErrorKind::kUnavailable || !options.fuzzers.empty()) return found;
    fmt::print(stderr,
               "sklab mutants: only conform checks: no fuzzers here (scripts/fuzz builds them)\n");
    return std::vector<Fuzzer>{};
  }
  std::erase_if(*found, [](const Fuzzer &fuzzer) { return !fuzzer.needs_kernel; });
  return found;
}

ExitCode run_mutants(const MutantsOptions &options) {
  if (options.list) return list_mutants();
  const auto kernel = kernel_of(options);
  if (!kernel) return report_error(kernel.error());
  if (const auto time = parse_duration_s(options.fuzz_time); !time) {
    return report_error(time.error());
  }
  const auto fuzzers = kernel_fuzzers(options);
  if (!fuzzers) return report_error(fuzzers.error());
  watch_interrupts();
  MutantsCommand command(options, *kernel, *fuzzers);
  const auto done = command.run();
  const auto &scores = command.scores();
  if (!done) return report_error(done.error());
  fmt::print("{}", options.json ? mutant_scores_json(scores) : mutant_table(scores));
  if (interrupted()) return ExitCode::kInterrupted;
  const bool all = std::all_of(scores.begin(), scores.end(), [](const MutantScore &score) {
    const auto number = mutant_number(score.name);
    return score.noticed || (number && kernel_mutants()[*number - 1].equivalent != nullptr);
  });
  return all ? ExitCode::kOk : ExitCode::kFinding;
}

}  // namespace

Command add_mutants(CLI::App &app, const std::string & /*command_line*/) {
  const auto options = std::make_shared<MutantsOptions>();
  CLI::App *mutants =
      app.add_subcommand("mutants", "See whether kernels that are wrong on purpose are noticed");
  mutants->add_flag("--list", options->list, "Print all mutants, run none");
  mutants->add_option("--target", options->target, "Kernel that has all mutants: guest:KERNEL")
      ->type_name("TARGET");
  mutants->add_option("--filter", options->filter, "Regular expression searched for in names");
  mutants
      ->add_option("--file", options->file, "Gets the scores; those that it has are not run again")
      ->type_name("FILE")
      ->capture_default_str();
  mutants->add_flag("--again", options->again, "Run what the file has, too");
  mutants->add_option("--fuzzers", options->fuzzers, "Folder of the fuzzers")->type_name("FOLDER");
  mutants->add_option("--fuzz-time", options->fuzz_time, "How long to fuzz what conform lets pass")
      ->capture_default_str();
  mutants->add_option("--jobs", options->jobs, "Guests at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  mutants->add_option("--guest-memory", options->memory_mib, "Memory of each guest in MiB")
      ->check(CLI::Range(128, 1 << 20))
      ->capture_default_str();
  mutants->add_option("--guest-time", options->limit_s, "Seconds after which a guest is ended")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  mutants->add_flag("--json", options->json, "Print the file instead of the table");
  mutants->footer(
      "Each mutant is booted, and conform checks it (--quick); what that lets pass is fuzzed. The\n"
      "kernel as it is comes first, and has to pass. Exit code 1: one was not noticed.\n\n"
      "Examples:\n"
      "  sklab mutants --list\n"
      "  sklab kernel build --source linux-source-6.12 --all-mutants --kasan --name mutants\n"
      "  sklab mutants --target guest:mutants --jobs 2\n"
      "  sklab mutants --target guest:mutants --filter '^assign_'\n\n" +
      std::string(kExitCodes));
  return {mutants, [options] { return run_mutants(*options); }};
}

}  // namespace sklab
