// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/gate.h"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <random>

#include "bench/gate/gate_run.h"
#include "bench/gate/percentage.h"
#include "harness/cli/command.h"
#include "harness/cli/github_actions.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/record/gate/renderers.h"
#include "harness/record/gate_json.h"
#include "harness/record/run_folder.h"

namespace sklab {
namespace {

constexpr double kSeconds = 300;
constexpr double kQuickSeconds = 25;
constexpr double kQuickChange = 0.05;  // what half a minute can tell on a busy machine, too

// The program of a build: what was named, or sklab in the folder that was named.
Result<std::filesystem::path> program_of(const std::filesystem::path &named) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (named.empty()) return fs::read_symlink("/proc/self/exe", error);
  for (const fs::path &program :
       {named, named / "sklab", named / "bin/sklab", named / "harness/cli/sklab"}) {
    if (fs::is_regular_file(program, error)) return fs::absolute(program);
  }
  return fail_as(ErrorKind::kUsage, "find sklab in", named.string(), 0,
                 "name a program, the folder of a build, or where one was installed");
}

Result<Thresholds> thresholds_of(const GateCommandOptions &options) {
  Threshold everywhere;
  if (options.quick) everywhere.change = kQuickChange;
  Thresholds thresholds(everywhere);
  if (!options.thresholds.empty()) {
    SKLAB_TRY(thresholds, Thresholds::read(options.thresholds, everywhere));
  }
  if (!options.change.empty()) {
    SKLAB_TRY(const double change, parse_percentage(options.change));
    thresholds.set_change(change);
  }
  return thresholds;
}

Result<GateOptions> gate_options(const GateCommandOptions &options) {
  GateOptions gate;
  gate.selection = {options.filter, options.quick};
  SKLAB_CHECK(select_groups(gate.selection));
  SKLAB_TRY(gate.base.sklab, program_of(options.base));
  SKLAB_TRY(gate.candidate.sklab, program_of(options.candidate));
  gate.base.name = "base";
  gate.candidate.name = "candidate";
  if (!options.inject.empty()) SKLAB_CHECK(parse_percentage(options.inject));
  gate.candidate.slowdown = options.inject;
  SKLAB_TRY(gate.thresholds, thresholds_of(options));
  gate.seconds = options.seconds.value_or(options.quick ? kQuickSeconds : kSeconds);
  gate.seed = options.seed ? *options.seed : std::random_device{}();
  gate.cpu = options.cpu;
  gate.command_line = options.command_line;
  return gate;
}

ExitCode exit_code_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kFailed:
    case Verdict::kRegression:
      return ExitCode::kFinding;
    case Verdict::kInconclusive:
      return ExitCode::kInconclusive;
    case Verdict::kSkipped:
      return ExitCode::kSkip;
    case Verdict::kImprovement:
    case Verdict::kNoChange:
      break;
  }
  return ExitCode::kOk;
}

Result<std::filesystem::path> save(RunFolder &folder, const GateRecord &record) {
  for (const GateFile &file : gate_files()) {
    SKLAB_CHECK(folder.add(file.name, file.render(record)));
  }
  return folder.publish();
}

Result<GateRecord> measure(GateOptions &gate) {
  Progress progress(stderr, "gate", gate.seconds);
  gate.progress = [&](double done_s, const std::string &what) { progress.update(done_s, what); };
  return run_gate(gate);
}

}  // namespace

ExitCode run_gate_command(const GateCommandOptions &options) {
  auto gate = gate_options(options);
  if (!gate) return report_error(gate.error());
  gate->fingerprint = read_fingerprint();
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  const std::string run_id = new_run_id(std::time(nullptr));
  auto folder = RunFolder::create(options.output, run_id);
  if (!folder) return report_error(folder.error());
  watch_interrupts();
  auto record = measure(*gate);
  if (interrupted()) {
    fmt::print(stderr, "sklab gate: interrupted, nothing was saved\n");
    return ExitCode::kInterrupted;
  }
  if (!record) return report_error(record.error());
  record->run_id = run_id;
  const auto saved = save(*folder, *record);
  fmt::print("{}", options.json ? gate_json(*record) : gate_table(*record));
  // A step's stderr is read for annotations, too, and JSON stays JSON.
  show_in_github_actions(*record, options.json ? stderr : stdout);
  if (!saved) return report_error(saved.error());
  fmt::print(stderr, "results: {}\n", saved->string());
  return exit_code_of(record->verdict);
}

Command add_gate(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<GateCommandOptions>();
  options->output = kRunsFolder;
  options->command_line = command_line;
  CLI::App *gate = app.add_subcommand("gate", "Say whether lookups became slower: a verdict a row");
  gate->add_option("--base", options->base, "Build to compare with (default: this one)");
  gate->add_option("--candidate", options->candidate, "Build to be judged (default: this one)");
  gate->add_option("--filter", options->filter,
                   "Regular expression searched for in row names (`sklab bench --list`)");
  gate->add_flag("--quick", options->quick, "Rows of udp4 only, in half a minute");
  gate->add_option("--change", options->change,
                   "What a row may change without being spoken of (default: 2%,\n"
                   "with --quick 5%)");
  gate->add_option("--thresholds", options->thresholds,
                   "TOML file that says this for each row; results/README.md describes it");
  gate->add_option("--time", options->seconds,
                   "Seconds after which undecided rows are left at that")
      ->check(CLI::PositiveNumber);
  gate->add_option("--inject", options->inject,
                   "Slow the candidate down by so much, to see that the gate notices: 10%");
  gate->add_option("--seed", options->seed, "Seed of the order of everything (default: random)");
  gate->add_option("--cpu", options->cpu, "CPU to measure on (default: the last one allowed)");
  gate->add_option("--output", options->output, "Folder that gets one folder a run")
      ->capture_default_str();
  gate->add_flag("--json", options->json, "Print gate.json instead of the table");
  gate->footer(
      "Examples:\n"
      "  sklab gate --quick                             this build against itself: no change\n"
      "  sklab gate --quick --inject 10%                must fail\n"
      "  sklab gate --base ../before --filter '^udp4/' --change 1%\n\n" +
      std::string(kExitCodes));
  return {gate, [options] { return run_gate_command(*options); }};
}

}  // namespace sklab
