// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "harness/base/exit_code.h"
#include "harness/cli/bench.h"
#include "harness/cli/conform.h"
#include "harness/cli/dialects.h"
#include "harness/cli/doctor.h"
#include "harness/cli/replay.h"
#include "harness/kernel/libbpf_log.h"
#include "sklab/version.h"

namespace sklab {
namespace {

constexpr char kExitCodes[] =
    "Exit codes: 0 fine; 1 a row failed its check, or a finding; 2 usage; 4 cannot run here, for "
    "the\n"
    "reason printed; 5 inconclusive; 70 sklab itself failed; 130 interrupted.\n";

std::string join_arguments(int argc, char **argv) {
  std::string line;
  for (int i = 0; i < argc; ++i) line += (i == 0 ? "" : " ") + std::string(argv[i]);
  return line;
}

void add_bench(CLI::App &app, BenchOptions &options) {
  CLI::App *bench =
      app.add_subcommand("bench", "Measure what a socket lookup costs, with and without the hook");
  bench->add_flag("--list", options.list, "Print the selected rows, measure nothing");
  bench->add_option(
      "--filter", options.filter,
      "Regular expression searched for in row names; what the rows are compared with\n"
      "is measured too");
  bench->add_flag("--quick", options.quick, "The main rows in ten seconds, less precise");
  bench->add_option("--time", options.seconds, "Seconds of measuring, set-up not included")
      ->check(CLI::PositiveNumber);
  bench->add_option("--seed", options.seed, "Seed of the order of rows (default: random)");
  bench->add_option("--cpu", options.cpu, "CPU to run on (default: the last one allowed)");
  bench->add_option("--output", options.output, "Folder that gets one folder a run")
      ->capture_default_str();
  bench->add_flag("--json", options.json, "Print result.json instead of the table");
  bench->footer(
      "Examples:\n"
      "  sklab bench --quick\n"
      "  sklab bench --filter '^udp4/'            one family\n"
      "  sklab bench --filter '_programs/' --json | jq '.rows[].latency_ns.value'\n"
      "  sklab bench --time 300 --seed 7          longer, and repeatable in its order\n\n" +
      std::string(kExitCodes));
}

void add_doctor(CLI::App &app, DoctorOptions &options) {
  CLI::App *doctor =
      app.add_subcommand("doctor", "Show what this kernel and process can do, and how to get more");
  doctor->add_flag("--json", options.json, "Print JSON");
  doctor->footer("Examples:\n  sklab doctor\n  sklab doctor --json | jq '.features[].name'\n");
}

void add_conform(CLI::App &app, ConformOptions &options) {
  CLI::App *conform =
      app.add_subcommand("conform", "Check every rule of the hook against this kernel");
  conform->add_flag("--list", options.list, "Print the selected groups, check nothing");
  conform->add_option("--filter", options.filter,
                      "Regular expression searched for in names of groups");
  CLI::Option *quick = conform->add_flag("--quick", options.quick, "A sample, in a few seconds");
  conform
      ->add_flag("--exhaustive", options.exhaustive,
                 "Every sequence of four programs, most of five: tens of millions of outcomes")
      ->excludes(quick);
  conform->add_option("--seed", options.seed, "Seed of random scenarios (default: random)");
  conform->add_option("--output", options.output, "Folder that gets one folder a run")
      ->capture_default_str();
  conform->add_flag("--json", options.json, "Print conform.json instead of KTAP");
  conform->footer(
      "KTAP goes to stdout, a summary to stderr; JUnit and JSON into the run's folder.\n\n"
      "Examples:\n"
      "  sklab conform\n"
      "  sklab conform --filter sequences --exhaustive\n"
      "  sklab conform --json | jq '{outcomes_checked, mismatches}'\n"
      "  sklab conform --seed 7                   the same random scenarios again\n\n" +
      std::string(kExitCodes));
}

void add_dialects(CLI::App &app, DialectsOptions &options) {
  CLI::App *dialects = app.add_subcommand(
      "dialects", "Show where the rules of 2020's proposals and the merged ones differ");
  dialects->add_flag("--json", options.json, "Print JSON");
  dialects->footer(
      "The smallest scenarios whose outcomes differ, each run on this kernel in both dialects.\n\n"
      "Examples:\n  sklab dialects\n  sklab dialects --json | jq '.pairs[].differences | "
      "length'\n");
}

void add_replay(CLI::App &app, ReplayOptions &options) {
  CLI::App *replay = app.add_subcommand("replay", "Run scenarios and compare with the rules");
  replay->add_option("FILE", options.files, "Scenarios as text; - is stdin")->required();
  replay->footer(
      "Examples:\n"
      "  sklab replay results/runs/latest/mismatch_1.scenario\n"
      "  sklab replay a.scenario b.scenario\n\n"
      "A scenario:\n"
      "  scenario 1\n"
      "  dialect pass_drop\n"
      "  socket a udp4 127.0.0.1:7007\n"
      "  socket b udp6 [::]:8008 reuseport=1\n"
      "  program assign b; pass\n"
      "  program assign a replace; drop\n"
      "  packet udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n\n" +
      std::string(kExitCodes));
}

int parse_and_run(int argc, char **argv) {
  CLI::App app("A lab for the BPF sk_lookup hook: what it costs, and whether it keeps its rules.",
               "sklab");
  app.set_version_flag("--version", std::string("sklab ") + kSklabVersion);
  app.require_subcommand(1);
  app.footer("`sklab COMMAND --help` has examples.\n" + std::string(kExitCodes));
  BenchOptions bench_options;
  bench_options.output = "results/runs";
  bench_options.command_line = join_arguments(argc, argv);
  DoctorOptions doctor_options;
  ConformOptions conform_options;
  conform_options.output = bench_options.output;
  conform_options.command_line = bench_options.command_line;
  add_bench(app, bench_options);
  add_conform(app, conform_options);
  add_doctor(app, doctor_options);
  DialectsOptions dialects_options;
  add_dialects(app, dialects_options);
  ReplayOptions replay_options;
  add_replay(app, replay_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &success) {
    return app.exit(success);  // --help, --version
  } catch (const CLI::ParseError &error) {
    std::fprintf(stderr, "sklab: %s; `sklab --help` shows what there is\n", error.what());
    return static_cast<int>(ExitCode::kUsage);
  }
  set_up_libbpf_log();
  ExitCode code = ExitCode::kUsage;
  if (app.got_subcommand("bench")) code = run_bench(bench_options);
  if (app.got_subcommand("conform")) code = run_conform(conform_options);
  if (app.got_subcommand("dialects")) code = run_dialects(dialects_options);
  if (app.got_subcommand("replay")) code = run_replay(replay_options);
  if (app.got_subcommand("doctor")) code = run_doctor(doctor_options);
  // A table that went nowhere must not look like a success.
  if (std::fflush(stdout) != 0) {
    std::perror("sklab: cannot write to stdout");
    return static_cast<int>(ExitCode::kHarnessFailure);
  }
  return static_cast<int>(code);
}

}  // namespace
}  // namespace sklab

int main(int argc, char **argv) {
  try {
    return sklab::parse_and_run(argc, argv);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "sklab: %s\n", error.what());
    return static_cast<int>(sklab::ExitCode::kHarnessFailure);
  }
}
