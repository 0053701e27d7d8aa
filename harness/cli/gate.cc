// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/gate.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <random>

#include "bench/gate/gate_run.h"
#include "bench/gate/gated_groups.h"
#include "bench/gate/kernel_gate.h"
#include "bench/gate/percentage.h"
#include "harness/cli/command.h"
#include "harness/cli/compare_kernels.h"
#include "harness/cli/gate_sides.h"
#include "harness/cli/github_actions.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/record/baseline/baseline_store.h"
#include "harness/record/gate/renderers.h"
#include "harness/record/gate_json.h"
#include "harness/record/run_folder.h"

namespace sklab {
namespace {

constexpr double kSeconds = 300;
constexpr double kQuickSeconds = 25;

// The base: a build, or a baseline.
Result<> set_base(const GateCommandOptions &options, GateOptions &gate) {
  gate.base.name = "base";
  if (options.baseline.empty()) {
    SKLAB_TRY(gate.base.sklab, sklab_program(options.base));
    gate.base.object = options.base_object.empty() ? options.object.object : options.base_object;
    return Ok{};
  }
  SKLAB_TRY(const auto file, baseline_path(options.baselines, options.baseline));
  SKLAB_TRY(gate.baseline, read_baseline(file));
  gate.base.sklab = file;
  gate.allowed_mismatch = options.allowed_mismatch;
  return Ok{};
}

Result<GateOptions> gate_options(const GateCommandOptions &options) {
  GateOptions gate;
  gate.selection = {options.filter, options.quick};
  SKLAB_TRY(gate.object, read_object(options.object, false));
  SKLAB_CHECK(select_gated_rows(gate.selection, gate.object));
  SKLAB_CHECK(set_base(options, gate));
  gate.candidate.object = options.object.object;
  gate.candidate.scenario = gate.base.scenario = options.object.scenario;
  SKLAB_TRY(gate.candidate.sklab, sklab_program(options.candidate));
  gate.candidate.name = "candidate";
  if (!options.inject.empty()) SKLAB_CHECK(parse_percentage(options.inject));
  gate.candidate.slowdown = options.inject;
  if (!options.inject.empty() && !gate.baseline) gate.base.slowdown = kNoSlowdown;
  SKLAB_TRY(gate.thresholds, read_thresholds(options.thresholds, options.quick));
  gate.seconds = options.seconds.value_or(options.quick ? kQuickSeconds : kSeconds);
  gate.seed = options.seed ? *options.seed : std::random_device{}();
  gate.cpu = options.cpu;
  gate.command_line = options.command_line;
  return gate;
}

// Mistakes in objects are to be told before anything is measured.
Result<> try_objects(const GateOptions &gate) {
  SKLAB_CHECK(try_object(gate.object));
  if (gate.base.object.empty() || gate.base.object == gate.candidate.object) return Ok{};
  ObjectSource base = object_source(gate.base.object);
  base.scenario = gate.object->scenario;
  return try_object(std::make_shared<const ObjectSource>(std::move(base)));
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

// Two kernels, in guests that count instructions.
Result<GateRecord> gate_kernels(const GateCommandOptions &options) {
  SKLAB_TRY(const Thresholds thresholds, read_thresholds(options.thresholds, options.quick));
  CompareOptions compare;
  compare.kernels = {"base=" + options.kernels[0], "candidate=" + options.kernels[1]};
  compare.filter = options.filter;
  compare.quick = options.quick;
  compare.seed = options.seed.value_or(compare.seed);
  compare.command_line = options.command_line;
  Progress progress(stderr, "gate", 1);
  compare.progress = [&](double share, const std::string &what) { progress.update(share, what); };
  const auto start = std::chrono::steady_clock::now();
  const auto comparison = compare_kernels(compare);
  progress.finish();
  if (!comparison) return tl::unexpected(comparison.error());
  GateRecord record = gate_of(*comparison, thresholds);
  record.duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

// Measures, saves and shows. The folder comes first: a long measurement must not end at one that
// cannot be written.
ExitCode judge(const GateCommandOptions &options,
               const std::function<Result<GateRecord>()> &measure) {
  const std::string run_id = new_run_id(std::time(nullptr));
  auto folder = RunFolder::create(options.output, run_id);
  if (!folder) return report_error(folder.error());
  watch_interrupts();
  auto record = measure();
  if (interrupted()) {
    fmt::print(stderr, "sklab gate: interrupted, nothing was saved\n");
    return ExitCode::kInterrupted;
  }
  if (!record) return report_error(record.error());
  record->run_id = run_id;
  const auto saved = save(*folder, *record);
  fmt::print("{}", options.json ? gate_json(*record) : gate_table(*record));
  std::fflush(stdout);
  // A step's stderr is read for annotations, too, and JSON stays JSON.
  show_in_github_actions(*record, options.json ? stderr : stdout);
  if (!saved) return report_error(saved.error());
  fmt::print(stderr, "results: {}\n", saved->string());
  return exit_code_of(record->verdict);
}

void add_kernel_option(CLI::App &gate, GateCommandOptions &options) {
  CLI::Option *kernel =
      gate.add_option("--kernel", options.kernels,
                      "Compare instruction counts on two kernels, the base's and the candidate's\n"
                      "(`sklab kernel list`, or bzImages), in guests: exact, on any machine")
          ->type_name("KERNEL")
          ->expected(2);
  // What is about builds, and about time.
  for (const char *name : {"--base", "--baseline", "--candidate", "--object", "--change", "--time",
                           "--inject", "--cpu"}) {
    kernel->excludes(gate.get_option(name));
  }
}

}  // namespace

ExitCode run_gate_command(const GateCommandOptions &options) {
  if (!options.kernels.empty()) {
    return judge(options, [&] { return gate_kernels(options); });
  }
  auto gate = gate_options(options);
  if (!gate) return report_error(gate.error());
  gate->fingerprint = read_fingerprint();
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  if (const auto tried = try_objects(*gate); !tried) return report_error(tried.error());
  return judge(options, [&] { return measure(*gate); });
}

Command add_gate(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<GateCommandOptions>();
  options->output = kRunsFolder;
  options->command_line = command_line;
  CLI::App *gate = app.add_subcommand("gate", "Say whether lookups became slower: a verdict a row");
  gate->add_option("--base", options->base, "Build to compare with (default: this one)")
      ->type_name("FILE");
  gate->add_option("--baseline", options->baseline,
                   "Compare with what `sklab baseline record` has measured: a name, or a file")
      ->type_name("FILE")
      ->excludes("--base");
  gate->add_option("--baselines", options->baselines, "Folder of baselines")
      ->type_name("FOLDER")
      ->capture_default_str();
  gate->add_option("--allow-mismatch", options->allowed_mismatch,
                   "Facts in which machine and baseline may differ, or `all`\n"
                   "(`sklab baseline show NAME` has the names)")
      ->delimiter(',')
      ->needs("--baseline");
  gate->add_option("--candidate", options->candidate, "Build to be judged (default: this one)")
      ->type_name("FILE");
  gate->add_option("--filter", options->filter,
                   "Regular expression searched for in row names (`sklab bench --list`)");
  gate->add_flag("--quick", options->quick,
                 "Rows of udp4 only, or all of an object, in half a minute");
  add_threshold_options(*gate, options->thresholds,
                        "What a row may change without being spoken of (default: 2%,\n"
                        "with --quick 5%)");
  gate->add_option("--size-growth", options->thresholds.size_growth,
                   "What programs may grow, in instructions and in bytes, and what lookups may,\n"
                   "with --kernel (default: 0%)");
  gate->add_option("--time", options->seconds,
                   "Seconds after which undecided rows are left at that")
      ->check(CLI::PositiveNumber);
  gate->add_option("--inject", options->inject,
                   "Slow the candidate down by so much, to see that the gate notices: 10%");
  add_object_options(*gate, options->object, {});
  gate->add_option("--base-object", options->base_object,
                   "The object to compare that with (default: the same)")
      ->type_name("FILE[:PROGRAM]")
      ->needs("--object")
      ->excludes("--baseline");
  gate->add_option("--seed", options->seed, "Seed of the order of everything (default: random)");
  gate->add_option("--cpu", options->cpu, "CPU to measure on (default: the last one allowed)");
  gate->add_option("--output", options->output, "Folder that gets one folder a run")
      ->type_name("FOLDER")
      ->capture_default_str();
  gate->add_flag("--json", options->json, "Print gate.json instead of the table");
  add_kernel_option(*gate, *options);
  gate->footer(
      "Examples:\n"
      "  sklab gate --quick                             this build against itself: no change\n"
      "  sklab gate --quick --inject 10%                must fail\n"
      "  sklab gate --quick --baseline default          against `sklab baseline record --quick`\n"
      "  sklab gate --base-object old.bpf.o --object new.bpf.o --scenario dispatcher.scenario\n"
      "  sklab gate --kernel 6.12 patched/bzImage --quick\n"
      "  sklab gate --base ../before --filter '^udp4/' --change 1%\n\n" +
      std::string(kExitCodes));
  return {gate, [options] { return run_gate_command(*options); }};
}

}  // namespace sklab
