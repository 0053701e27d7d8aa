// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab bisect`: whether a source tree's kernel is good or bad, for `git bisect run`.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "bench/row.h"
#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/kernel.h"
#include "harness/cli/report_error.h"
#include "harness/cli/scenario_file.h"
#include "harness/guest/build/kernel_build.h"
#include "harness/guest/guest_run.h"
#include "harness/measure/interrupt.h"
#include "harness/model/scenario_text.h"
#include "harness/record/instructions/instruction_json.h"

namespace sklab {
namespace {

struct BisectOptions {
  KernelBuildOptions build;
  std::string row;
  std::optional<int64_t> at_most;  // instructions
  std::string scenario;
  double limit_s = 600;
};

// Of a commit, with why.
struct CommitVerdict {
  ExitCode code = ExitCode::kCannotTest;
  std::string reason;
};

struct PrintedText {
  std::string output;
  std::string errors;
};

Result<> check_row(const std::string &row) {
  for (const GroupSpec &group : all_groups()) {
    for (const RowSpec &one : group.rows) {
      if (one.name == row) return Ok{};
    }
  }
  return fail_as(ErrorKind::kUsage, "find row", row, 0, "`sklab bench --list` shows all of them");
}

// What no commit can make right.
Result<> check(const BisectOptions &options) {
  SKLAB_CHECK(find_kernel_source(options.build.source));
  for (const auto *files : {&options.build.patches, &options.build.fragments}) {
    for (const std::filesystem::path &file : *files) SKLAB_CHECK(read_file(file));
  }
  if (options.scenario.empty() == options.row.empty()) {
    return fail_as(ErrorKind::kUsage, "tell good from bad", "", 0, "say --row, or --scenario");
  }
  if (options.row.empty()) {
    SKLAB_CHECK(read_scenario_file(options.scenario, parse_scenario));
    return Ok{};
  }
  if (options.at_most) return check_row(options.row);
  return fail_as(ErrorKind::kUsage, "tell good from bad by", options.row, 0,
                 "--at-most says how many instructions are good");
}

GuestJob job_of(const BisectOptions &options, const KernelBuild &build) {
  GuestJob job;
  job.kernel = {"this commit's kernel", build.kernel.image, {}};
  if (options.row.empty()) {
    const std::filesystem::path scenario = std::filesystem::absolute(options.scenario);
    job.command = own_command({"replay", scenario.string()});
    job.command.inputs = {scenario};
  } else {
    job.command = own_command(
        {"bench", "--clock", "instructions", "--json", "--filter", "^" + options.row + "$"});
  }
  job.options.limit_s = options.limit_s;
  return job;
}

CommitVerdict judge_row(const BisectOptions &options, const std::string &json) {
  const auto record = parse_instruction_json(json);
  if (!record) return {ExitCode::kCannotTest, record.error().message()};
  const auto passed = [](const auto &calibration) { return calibration.passed(); };
  if (!std::all_of(record->calibrations.begin(), record->calibrations.end(), passed)) {
    return {ExitCode::kCannotTest, "the calibration failed"};
  }
  const auto row = std::find_if(record->rows.begin(), record->rows.end(),
                                [&](const auto &one) { return one.name == options.row; });
  if (row == record->rows.end()) return {ExitCode::kCannotTest, options.row + " was not counted"};
  if (row->status != RowStatus::kOk) return {ExitCode::kCannotTest, row->reason};
  const bool good = row->instructions_per_lookup <= static_cast<double>(*options.at_most);
  return {good ? ExitCode::kOk : ExitCode::kFinding,
          fmt::format("{} takes {:g} instructions", options.row, row->instructions_per_lookup)};
}

// The last line that a command printed says what it found.
std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

CommitVerdict judge_scenario(const GuestRecord &guest, const PrintedText &printed) {
  const auto code = static_cast<ExitCode>(guest.exit_code);
  if (code == ExitCode::kOk) return {ExitCode::kOk, "the scenario ends as the rules say"};
  if (code == ExitCode::kFinding) {
    return {ExitCode::kFinding, "the scenario does not end as the rules say"};
  }
  return {ExitCode::kCannotTest, last_line(printed.errors)};
}

CommitVerdict judge_guest(const BisectOptions &options, const GuestRecord &guest,
                          const PrintedText &printed) {
  const bool fell = guest.end != GuestEnd::kExited;
  if (fell || !guest.trouble.empty()) {
    // A kernel that falls over a scenario is what a scenario is for; a row then has no count.
    const bool by_scenario = !guest.release.empty() && options.row.empty();
    return {by_scenario ? ExitCode::kFinding : ExitCode::kCannotTest,
            guest_failure("this commit's kernel", guest).message()};
  }
  if (options.row.empty()) return judge_scenario(guest, printed);
  return judge_row(options, printed.output);
}

// Errors: what is not this commit's doing.
Result<CommitVerdict> judge(const BisectOptions &options, const Progressing &progress) {
  SKLAB_TRY(const auto cache, kernel_cache_folder());
  const auto build = build_kernel(cache, options.build, progress);
  if (!build) {
    if (build.error().kind != ErrorKind::kUsage || interrupted()) {
      return tl::unexpected(build.error());
    }
    return CommitVerdict{ExitCode::kCannotTest, "cannot " + build.error().message()};
  }
  GuestJob job = job_of(options, *build);
  PrintedText printed;
  job.options.output = [&](std::string_view text) {
    printed.output += text;
    progress("running it");
  };
  job.options.errors = [&](std::string_view text) { printed.errors += text; };
  progress("booting it");
  const auto guest = run_in_guest(job.kernel, job.command, job.options);
  if (interrupted()) return fail("run", job.kernel.name, EINTR);
  if (guest) return judge_guest(options, *guest, printed);
  if (guest.error().kind == ErrorKind::kUnavailable) return tl::unexpected(guest.error());
  return CommitVerdict{ExitCode::kCannotTest, "cannot " + guest.error().message()};
}

const char *name_of(ExitCode code) {
  return code == ExitCode::kOk ? "good" : code == ExitCode::kFinding ? "bad" : "cannot be tested";
}

ExitCode run_bisect(const BisectOptions &options) {
  if (const auto checked = check(options); !checked) {
    report_error(checked.error());
    return ExitCode::kCannotBisect;
  }
  watch_interrupts();
  constexpr double kUsualS = 60;
  KernelProgress progress("bisect", kUsualS);
  const auto verdict = judge(options, [&](std::string_view what) { progress.show(what); });
  progress.finish();
  if (!verdict) {
    const ExitCode code = report_kernel_error(verdict.error());
    return code == ExitCode::kInterrupted ? code : ExitCode::kCannotBisect;
  }
  fmt::print("{}: {}\n", name_of(verdict->code), verdict->reason);
  return verdict->code;
}

}  // namespace

Command add_bisect(CLI::App &app, const std::string & /*command_line*/) {
  const auto options = std::make_shared<BisectOptions>();
  CLI::App *command =
      app.add_subcommand("bisect", "Find the commit that changed a count, or an answer");
  options->build.source = ".";
  command
      ->add_option("--source", options->build.source, "The kernel's source, as it is checked out")
      ->type_name("FOLDER")
      ->capture_default_str();
  command->add_option("--row", options->row,
                      "Good while this row takes as many instructions as --at-most says");
  command->add_option("--at-most", options->at_most, "Instructions per lookup that are good");
  command
      ->add_option("--scenario", options->scenario,
                   "Good while this scenario ends as the rules say (`sklab replay`)")
      ->type_name("FILE");
  add_build_options(*command, options->build);
  command->add_option("--guest-time", options->limit_s, "Seconds after which the guest is ended")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->footer(
      "Builds the source as it is (as `sklab kernel build` does: only what changed), boots the "
      "kernel\nin an emulator, and counts one row or replays one scenario.\n\n"
      "Examples:\n"
      "  git bisect start BAD GOOD\n"
      "  git bisect run sklab bisect --row udp4/key_off --at-most 343\n"
      "  git bisect run sklab bisect --scenario results/runs/latest/mismatch_1.scenario\n"
      "  sklab bisect --row udp4/key_off --at-most 0     how many these are\n\n"
      "Exit codes: 0 good; 1 bad; 125 this commit does not build, or does not boot; 255 no commit "
      "can\nbe told; 130 interrupted.\n");
  return {command, [options] { return run_bisect(*options); }, ExitCode::kCannotBisect};
}

}  // namespace sklab
