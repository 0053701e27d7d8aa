// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <random>

#include "bench/suite.h"
#include "harness/cli/bench_instructions.h"
#include "harness/cli/command.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/record/google_benchmark_json.h"
#include "harness/record/markdown.h"
#include "harness/record/result_json.h"
#include "harness/record/run_folder.h"
#include "harness/record/text_table.h"

namespace sklab {
namespace {

constexpr char kWallClock[] = "wall";
constexpr char kInstructionClock[] = "instructions";

ExitCode list_rows(const std::vector<GroupSpec> &groups) {
  for (const GroupSpec &group : groups) {
    for (const RowSpec &row : group.rows) fmt::print("{:<36} {}\n", row.name, row.title);
  }
  return ExitCode::kOk;
}

uint64_t random_seed() { return std::random_device{}(); }

Result<RunRecord> measure(const BenchOptions &options, const RowSelection &selection,
                          const SharedObject &object, const Fingerprint &fingerprint) {
  SuiteOptions suite;
  suite.selection = selection;
  suite.object = object;
  suite.seconds = options.seconds;
  suite.seed = options.seed ? *options.seed : random_seed();
  suite.cpu = options.cpu;
  suite.fingerprint = fingerprint;
  suite.command_line = options.command_line;
  suite.progress = progress_on(stderr, "bench");
  return run_suite(suite);
}

Result<std::filesystem::path> save(RunFolder &folder, const RunRecord &record) {
  SKLAB_CHECK(folder.add("result.json", result_json(record)));
  SKLAB_CHECK(folder.add("google_benchmark.json", google_benchmark_json(record)));
  SKLAB_CHECK(folder.add("table.md", markdown_report(record)));
  SKLAB_CHECK(folder.add("table.txt", text_table(record)));
  return folder.publish();
}

ExitCode verdict(const RunRecord &record) {
  const auto count = [&](RowStatus status) {
    return std::count_if(record.rows.begin(), record.rows.end(),
                         [&](const RowRecord &row) { return row.status == status; });
  };
  if (const auto failed = count(RowStatus::kFailed); failed != 0) {
    fmt::print(stderr, "sklab bench: {} of {} rows failed their check and have no number\n", failed,
               record.rows.size());
    return ExitCode::kFinding;
  }
  return count(RowStatus::kOk) == 0 ? ExitCode::kSkip : ExitCode::kOk;
}

}  // namespace

ExitCode run_bench(const BenchOptions &options) {
  const RowSelection selection{options.filter, options.quick};
  const auto object = read_object(options.object);
  if (!object) return report_error(object.error());
  const auto groups = select_groups(groups_of(*object), selection);
  if (!groups) return report_error(groups.error());
  if (options.list) return list_rows(*groups);
  if (options.instructions) return count_instructions(options);

  const Fingerprint fingerprint = read_fingerprint();
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  if (const auto tried = try_object(*object); !tried) return report_error(tried.error());
  // Before measuring: a minute's work must not end at a folder that cannot be written.
  const std::string run_id = new_run_id(std::time(nullptr));
  auto folder = RunFolder::create(options.output, run_id);
  if (!folder) return report_error(folder.error());
  watch_interrupts();
  auto record = measure(options, selection, *object, fingerprint);
  if (interrupted()) {
    fmt::print(stderr, "sklab bench: interrupted, nothing was saved\n");
    return ExitCode::kInterrupted;
  }
  if (!record) return report_error(record.error());
  record->run_id = run_id;

  const auto saved = save(*folder, *record);
  fmt::print("{}", options.json ? result_json(*record) : text_table(*record));
  if (!saved) return report_error(saved.error());
  fmt::print(stderr, "results: {}\n", saved->string());
  return verdict(*record);
}

Command add_bench(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<BenchOptions>();
  options->output = kRunsFolder;
  options->command_line = command_line;
  CLI::App *bench =
      app.add_subcommand("bench", "Measure what a socket lookup costs, with and without the hook");
  bench->add_flag("--list", options->list, "Print the selected rows, measure nothing");
  bench->add_option(
      "--filter", options->filter,
      "Regular expression searched for in row names; what the rows are compared with\n"
      "is measured too");
  bench->add_flag("--quick", options->quick, "The main rows in ten seconds, less precise");
  CLI::Option *time =
      bench->add_option("--time", options->seconds, "Seconds of measuring, set-up not included")
          ->check(CLI::PositiveNumber);
  bench->add_option("--seed", options->seed, "Seed of the order of rows (default: random)");
  bench->add_option("--cpu", options->cpu, "CPU to run on (default: the last one allowed)");
  bench
      ->add_option_function<std::string>(
          "--clock",
          [options, time](const std::string &clock) {
            options->instructions = clock == kInstructionClock;
            if (options->instructions && *time) {
              throw CLI::ExcludesError("--time", "--clock instructions");
            }
          },
          "wall: nanoseconds; instructions: exact counts, in a guest (--target)")
      ->check(CLI::IsMember({kWallClock, kInstructionClock}))
      ->default_str(kWallClock);
  // For `sklab compare`, whose guests are profiled.
  bench->add_flag("--profile", options->profile)->group("");
  bench->add_option("--output", options->output, "Folder that gets one folder a run")
      ->type_name("FOLDER")
      ->capture_default_str();
  bench->add_flag("--json", options->json, "Print result.json instead of the table");
  add_object_options(*bench, options->object, {});
  add_target_options(*bench, options->target, command_line);
  bench->footer(
      std::string(kObjectHelp) +
      "Examples:\n"
      "  sklab bench --quick\n"
      "  sklab bench --filter '^udp4/'            one family\n"
      "  sklab bench --filter '_programs/' --json | jq '.rows[].latency_ns.value'\n"
      "  sklab bench --time 300 --seed 7          longer, and repeatable in its order\n"
      "  sklab bench --quick --clock instructions --target guest:6.12\n"
      "  sklab bench --quick --object dispatcher.bpf.o --scenario dispatcher.scenario\n\n" +
      std::string(kExitCodes));
  return {bench, [options] {
            if (!options->target.is_guest()) return run_bench(*options);
            return run_on_target(options->target, {files_of(options->object), {options->output}});
          }};
}

}  // namespace sklab
