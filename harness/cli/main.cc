// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "harness/base/exit_code.h"
#include "harness/cli/bench.h"
#include "harness/cli/doctor.h"
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

CLI::App *add_bench(CLI::App &app, BenchOptions &options) {
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
  return bench;
}

void add_doctor(CLI::App &app, DoctorOptions &options) {
  CLI::App *doctor =
      app.add_subcommand("doctor", "Show what this kernel and process can do, and how to get more");
  doctor->add_flag("--json", options.json, "Print JSON");
  doctor->footer("Examples:\n  sklab doctor\n  sklab doctor --json | jq '.features[].name'\n");
}

int parse_and_run(int argc, char **argv) {
  CLI::App app("A lab for the BPF sk_lookup hook: what it costs, on this kernel.", "sklab");
  app.set_version_flag("--version", std::string("sklab ") + kSklabVersion);
  app.require_subcommand(1);
  app.footer("`sklab COMMAND --help` has examples.\n" + std::string(kExitCodes));
  BenchOptions bench_options;
  bench_options.output = "results/runs";
  bench_options.command_line = join_arguments(argc, argv);
  DoctorOptions doctor_options;
  const CLI::App *bench = add_bench(app, bench_options);
  add_doctor(app, doctor_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &success) {
    return app.exit(success);  // --help, --version
  } catch (const CLI::ParseError &error) {
    std::fprintf(stderr, "sklab: %s; `sklab --help` shows what there is\n", error.what());
    return static_cast<int>(ExitCode::kUsage);
  }
  set_up_libbpf_log();
  const ExitCode code = bench->parsed() ? run_bench(bench_options) : run_doctor(doctor_options);
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
