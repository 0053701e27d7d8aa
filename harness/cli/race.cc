// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab race`: threads that attach, update, detach, look up and close at the same time, in guests.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "fuzz/campaign/duration.h"
#include "fuzz/race/race_guest.h"
#include "harness/cli/command.h"
#include "harness/cli/report_error.h"
#include "harness/cli/target.h"
#include "harness/cli/target_kernel.h"
#include "harness/guest/fastest_processor.h"
#include "harness/guest/guest_init.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"

namespace sklab {
namespace {

struct RaceOptions {
  std::string target;
  uint64_t seed = 1;
  std::optional<uint64_t> seeds;
  uint64_t rounds = 1000;
  std::string time = "60s";
  unsigned jobs = 1;
  unsigned cpus = 1;
  unsigned memory_mib = 1024;
  double limit_s = 600;
  uint16_t gdb_port = 0;
  std::string folder = "campaign-race";
  bool keep_going = false;
  bool json = false;
};

struct SeedRecord {
  uint64_t seed = 0;
  RaceReport report;
  double seconds = 0;   // of the guest, by the host's clock
  std::string finding;  // its signature; "" for none
  std::string folder;   // of the finding
};

class RaceCommand {
 public:
  RaceCommand(const RaceOptions &options, RaceGuestSettings settings, double total_s)
      : options_(options), settings_(std::move(settings)), total_s_(total_s) {}

  Result<> run();
  [[nodiscard]] const std::vector<SeedRecord> &records() const { return records_; }

 private:
  [[nodiscard]] double elapsed_s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }
  [[nodiscard]] bool is_over() const;
  Result<> run_batch();
  Result<> take(uint64_t seed, const GuestOutput &run);
  void show();

  const RaceOptions &options_;
  RaceGuestSettings settings_;
  double total_s_;
  Progress progress_{stderr, "race",
                     options_.seeds ? static_cast<double>(*options_.seeds) : total_s_};
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::vector<SeedRecord> records_;
  bool found_ = false;
};

bool RaceCommand::is_over() const {
  if (interrupted() || (found_ && !options_.keep_going)) return true;
  if (options_.seeds) return records_.size() >= *options_.seeds;
  return elapsed_s() >= total_s_;
}

Result<> RaceCommand::take(uint64_t seed, const GuestOutput &run) {
  const auto &guest = run.guest;
  if (!guest) return tl::unexpected(guest.error());
  if (guest->end == GuestEnd::kInterrupted) return Ok{};
  SKLAB_TRY(RaceVerdict verdict, judge_race(settings_, seed, *guest, run.output, run.errors));
  SeedRecord record{seed, std::move(verdict.report), guest->duration_s, "", ""};
  if (verdict.finding) {
    const FindingFolder findings(std::filesystem::path(options_.folder) / "findings",
                                 race_origin(*guest));
    record.finding = verdict.finding->signature;
    const std::string input = fmt::format("seed {} round {}\n", seed, record.report.round);
    SKLAB_TRY(const auto path,
              findings.add(*verdict.finding,
                           {reinterpret_cast<const uint8_t *>(input.data()), input.size()}, ""));
    record.folder = path.string();
    found_ = true;
  }
  records_.push_back(std::move(record));
  return Ok{};
}

// By what ends it: seeds, or time.
void RaceCommand::show() {
  const double done = options_.seeds ? static_cast<double>(records_.size()) : elapsed_s();
  progress_.update(done, fmt::format("{} seeds are over", records_.size()));
}

Result<> RaceCommand::run_batch() {
  std::vector<GuestJob> jobs;
  const uint64_t first = options_.seed + records_.size();
  for (size_t i = 0; i < options_.jobs; ++i) {
    if (options_.seeds && records_.size() + i >= *options_.seeds) break;
    jobs.push_back(race_job(settings_, first + i));
  }
  const size_t count = jobs.size();
  const auto runs = run_guests_for_output(std::move(jobs), count, [&](size_t) { show(); });
  for (size_t i = 0; i < count; ++i) SKLAB_CHECK(take(first + i, runs[i]));
  return Ok{};
}

Result<> RaceCommand::run() {
  while (!is_over()) SKLAB_CHECK(run_batch());
  progress_.finish();
  return Ok{};
}

std::string table_of(const std::vector<SeedRecord> &records, const RaceGuestSettings &settings) {
  std::string text = fmt::format(
      "{}, {}\n{:>10} {:>8} {:>9} {:>9} {:>10} {:>9}  result\n", settings.target,
      settings.cpus == 1 ? "one CPU, turns by seed" : fmt::format("{} CPUs", settings.cpus), "seed",
      "rounds", "calls", "stops", "explained", "seconds");
  for (const SeedRecord &record : records) {
    text += fmt::format(
        "{:>10} {:>8} {:>9} {:>9} {:>10} {:>9.1f}  {}\n", record.seed, record.report.rounds,
        record.report.calls, record.report.stops, record.report.explained, record.seconds,
        record.finding.empty() ? "nothing"
                               : fmt::format("round {}: {}", record.report.round, record.finding));
    if (!record.folder.empty()) text += fmt::format("{:>10} {}\n", "", record.folder);
  }
  return text;
}

std::string json_of(const std::vector<SeedRecord> &records) {
  nlohmann::ordered_json seeds = nlohmann::ordered_json::array();
  for (const SeedRecord &record : records) {
    seeds.push_back({{"seed", record.seed},
                     {"rounds", record.report.rounds},
                     {"calls", record.report.calls},
                     {"explained", record.report.explained},
                     {"unknown", record.report.unknown},
                     {"stops", record.report.stops},
                     {"without_stops", record.report.without_stops},
                     {"duration_s", record.seconds},
                     {"finding", record.finding},
                     {"round", record.report.round},
                     {"folder", record.folder}});
  }
  const nlohmann::ordered_json json = {{"seeds", seeds}};
  return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<RaceGuestSettings> settings_of(const RaceOptions &options) {
  if (!options.target.starts_with(kGuestPrefix)) {
    return fail_as(ErrorKind::kUsage, "race on", options.target.empty() ? "host" : options.target,
                   0, "a kernel may not live through it; --target guest:NAME names one for that");
  }
  RaceGuestSettings settings;
  settings.target = options.target;
  SKLAB_TRY(settings.kernel, target_kernel(options.target.substr(kGuestPrefix.size())));
  settings.rounds = options.rounds;
  settings.cpus = options.cpus;
  settings.memory_mib = options.memory_mib;
  settings.limit_s = options.limit_s;
  settings.gdb_port = options.gdb_port;
  if (options.cpus > 1) {
    SKLAB_TRY(settings.processor, fastest_processor(settings.kernel));
  }
  return settings;
}

// What to type elsewhere. Without debug information gdb has addresses only.
std::string gdb_command(const RaceGuestSettings &settings) {
  return fmt::format("gdb -ex 'target remote 127.0.0.1:{}' {}", settings.gdb_port,
                     settings.kernel.vmlinux.string());
}

ExitCode race_on_host(RaceOptions options) {
  if (options.gdb_port != 0) options.seeds = options.jobs = 1;
  const auto seconds = parse_duration_s(options.time);
  if (!seconds) return report_error(seconds.error());
  const auto settings = settings_of(options);
  if (!settings) return report_error(settings.error());
  watch_interrupts();
  if (options.gdb_port != 0) fmt::print(stderr, "it waits for: {}\n", gdb_command(*settings));
  RaceCommand command(options, *settings, *seconds);
  const auto done = command.run();
  if (done || !command.records().empty()) {
    fmt::print("{}",
               options.json ? json_of(command.records()) : table_of(command.records(), *settings));
  }
  if (!done) return report_error(done.error());
  for (const SeedRecord &record : command.records()) {
    if (!record.finding.empty()) return ExitCode::kFinding;
  }
  return interrupted() ? ExitCode::kInterrupted : ExitCode::kOk;
}

ExitCode race_here(const RaceOptions &options) {
  RaceSettings settings;
  settings.seed = options.seed;
  settings.rounds = options.rounds;
  const auto report = race_in_this_guest(settings);
  if (!report) return report_error(report.error());
  fmt::print("{}", race_report_json(*report));
  return report->signature.empty() ? ExitCode::kOk : ExitCode::kFinding;
}

}  // namespace

Command add_race(CLI::App &app, const std::string & /*command_line*/) {
  const auto options = std::make_shared<RaceOptions>();
  CLI::App *race = app.add_subcommand(
      "race", "Attach, update, detach, look up and close at the same time, in guests");
  race->add_option("--target", options->target, "Kernel to run on: guest:KERNEL")
      ->type_name("TARGET");
  race->add_option("--seed", options->seed, "Of the first guest; the next one has the next")
      ->capture_default_str();
  race->add_option("--seeds", options->seeds, "How many guests (default: as many as --time allows)")
      ->check(CLI::PositiveNumber);
  race->add_option("--rounds", options->rounds, "Rounds of each guest")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  race->add_option("--time", options->time, "How long to begin other guests, with s, m, h or d")
      ->capture_default_str();
  race->add_option("--jobs", options->jobs, "Guests at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  race->add_option("--guest-cpus", options->cpus,
                   "CPUs of each guest: one takes turns by the seed, the same in every run; more\n"
                   "are parallel, and nobody can repeat it")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  race->add_option("--guest-memory", options->memory_mib, "Memory of each guest in MiB")
      ->check(CLI::Range(128, 1 << 20))
      ->capture_default_str();
  race->add_option("--guest-time", options->limit_s, "Seconds after which a guest is ended")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  race->add_option("--gdb", options->gdb_port,
                   "TCP port of 127.0.0.1 where one guest waits for gdb, and has no limit of time")
      ->check(CLI::Range(1, 65535))
      ->type_name("PORT")
      ->excludes("--seeds")
      ->excludes("--jobs");
  race->add_option("--folder", options->folder, "Folder that gets findings")
      ->type_name("FOLDER")
      ->capture_default_str();
  race->add_flag("--keep-going", options->keep_going, "Go on after findings");
  race->add_flag("--json", options->json, "Print JSON");
  race->footer(
      "A round is a few calls in two or three threads, which take turns in the middle of them. "
      "The\n"
      "kernel has to live, and while only links change, some order of the calls has to explain "
      "all\n"
      "of their results. On one CPU the kernel has to be one that is preempted.\n\n"
      "Examples:\n"
      "  sklab kernel build --source linux-source-6.12 --kasan --preempt --name kasan\n"
      "  sklab race --target guest:kasan --time 10m --jobs 2\n"
      "  sklab race --target guest:kasan --seed 17 --seeds 1        once more, the very same\n"
      "  sklab race --target guest:kasan --seed 17 --gdb 1234       the same, step by step\n"
      "  sklab race --target guest:6.12 --guest-cpus 2 --time 2m\n\n" +
      std::string(kExitCodes));
  return {race, [options] { return in_guest() ? race_here(*options) : race_on_host(*options); }};
}

}  // namespace sklab
