// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_guest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <thread>

#include "harness/base/exit_code.h"
#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/guest/debug_port.h"
#include "harness/guest/kernel_report.h"
#include "harness/guest/stack_lines.h"
#include "harness/kernel/netns.h"

namespace sklab {
namespace {

// RCU's threads come before those that race, or nothing would ever be freed.
constexpr char kKernelArguments[] =
    "preempt=full rcutree.kthread_prio=40 rcutree.jiffies_till_first_fqs=0 "
    "rcutree.jiffies_till_next_fqs=0";

constexpr std::string_view kRoundNote = "round ";

struct RoundNotes {
  uint64_t rounds = 0;  // begun
  uint64_t last = 0;
  std::string last_line;
};

RoundNotes read_notes(std::string_view notes) {
  RoundNotes read;
  while (!notes.empty()) {
    const std::string_view line = take_line(notes);
    if (!line.starts_with(kRoundNote)) continue;
    ++read.rounds;
    read.last_line = line;
    read.last = std::strtoull(line.data() + kRoundNote.size(), nullptr, 10);
  }
  return read;
}

// What the command said went wrong, without whose words these are.
std::string first_complaint(std::string_view errors) {
  constexpr std::string_view kPrefix = "sklab: cannot ";
  std::string_view line = take_line(errors);
  if (line.starts_with(kPrefix)) line.remove_prefix(kPrefix.size());
  return std::string(line);
}

std::string repeat_command(const RaceGuestSettings &settings, uint64_t seed) {
  std::string command = fmt::format("sklab race --target {} --seed {} --seeds 1 --rounds {}",
                                    settings.target, seed, settings.rounds);
  if (settings.cpus > 1) command += fmt::format(" --guest-cpus {}", settings.cpus);
  return command;
}

Finding finding_of(const RaceGuestSettings &settings, uint64_t seed, const GuestRecord &record,
                   const RaceReport &report) {
  const RoundNotes notes = read_notes(record.notes);
  const auto reports = find_kernel_reports(record.console);
  Finding finding;
  finding.signature = fall_signature(record);
  if (finding.signature.empty()) finding.signature = report.signature;
  finding.expected = "every call ends, and some order of them explains their results\n";
  finding.actual = fmt::format("round {} of seed {}: {}\n", report.round, seed, finding.signature);
  finding.files["race.txt"] =
      notes.last_line + "\n" + format_race_plan(race_plan_of(seed, report.round));
  if (!report.results.empty()) finding.files["results.txt"] = report.results;
  finding.files["console.log"] = record.console;
  if (!reports.empty()) {
    finding.files["stack.txt"] = stack_with_lines(reports.front(), settings.kernel);
    finding.files["report.txt"] = reports.front().text;
  }
  finding.repeat = {repeat_command(settings, seed)};
  return finding;
}

}  // namespace

GuestJob race_job(const RaceGuestSettings &settings, uint64_t seed) {
  GuestJob job;
  job.kernel = settings.kernel;
  job.command = own_command(
      {"race", "--seed", std::to_string(seed), "--rounds", std::to_string(settings.rounds)});
  job.options.processor = settings.processor;
  job.options.cpus = settings.cpus;
  job.options.memory_mib = settings.memory_mib;
  job.options.seed = seed;
  job.options.limit_s = settings.limit_s;
  job.options.gdb_port = settings.gdb_port;
  job.options.kernel_arguments = fmt::format("{} {}", kStopAtFaults, kKernelArguments);
  job.options.notes = true;
  return job;
}

Result<RaceVerdict> judge_race(const RaceGuestSettings &settings, uint64_t seed,
                               const GuestRecord &record, const std::string &output,
                               const std::string &errors) {
  RaceVerdict verdict;
  const RoundNotes notes = read_notes(record.notes);
  if (record.end == GuestEnd::kExited) {
    const auto code = static_cast<ExitCode>(record.exit_code);
    if (code != ExitCode::kOk && code != ExitCode::kFinding) {
      return fail_as(code == ExitCode::kSkip ? ErrorKind::kUnavailable : ErrorKind::kHarness,
                     "race in guest", settings.kernel.name, 0,
                     fmt::format("exit code {}: {}", record.exit_code, first_complaint(errors)));
    }
    if (output.empty()) {
      // It could not go on, and says why.
      verdict.report.signature = first_complaint(errors);
      verdict.report.round = notes.last;
      verdict.report.rounds = notes.rounds;
    } else {
      SKLAB_TRY(verdict.report, parse_race_report(output));
    }
    if (verdict.report.signature.empty() && record.trouble.empty()) return verdict;
    if (verdict.report.signature.empty()) verdict.report.round = notes.last;
  } else {
    if (!kernel_fell(record) || notes.rounds == 0) {
      return tl::unexpected(guest_failure(settings.kernel.name, record));
    }
    verdict.report.rounds = notes.rounds;
    verdict.report.round = notes.last;
  }
  verdict.finding = finding_of(settings, seed, record, verdict.report);
  return verdict;
}

Result<RaceReport> race_in_this_guest(const RaceSettings &settings) {
  const std::string version = read_fact("/proc/version", "");
  const bool one_cpu = std::thread::hardware_concurrency() == 1;
  if (one_cpu && version.find("PREEMPT") == std::string::npos) {
    return fail_as(ErrorKind::kUnavailable, "race on one CPU in", read_fingerprint().kernel_release,
                   0, "it is not preempted; `sklab kernel build --preempt` makes one that is");
  }
  SKLAB_CHECK(isolate_process());
  SKLAB_TRY(const DebugPort notes, DebugPort::open(kNotePort));
  RaceSettings noting = settings;
  noting.begins = [&](uint64_t round, const std::vector<std::string> &stops) {
    notes.write(fmt::format("{}{} stops {}\n", kRoundNote, round, fmt::join(stops, " ")));
  };
  SKLAB_TRY(const RaceFigures figures, run_races(noting));
  return report_of(figures);
}

FindingOrigin race_origin(const GuestRecord &record) {
  FindingOrigin origin{kRaceTarget, kKernelRules, read_fingerprint()};
  origin.fingerprint.kernel_release = record.release;
  // "[    0.000000] Linux version 6.12.9 (...) #1 SMP ..."
  const size_t version = record.console.find(" #");
  const size_t end = record.console.find_first_of("\r\n", std::min(version, record.console.size()));
  origin.fingerprint.kernel_version.clear();
  if (version != std::string::npos) {
    origin.fingerprint.kernel_version = record.console.substr(version + 1, end - version - 1);
  }
  origin.fingerprint.kernel_config_sha256.clear();
  origin.fingerprint.kernel_btf_sha256.clear();
  return origin;
}

}  // namespace sklab
