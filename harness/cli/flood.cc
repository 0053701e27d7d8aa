// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <random>

#include "bench/suite.h"
#include "harness/cli/command.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/cli/target.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/path/tool_flood.h"
#include "harness/record/flood/flood_json.h"
#include "harness/record/flood/flood_summary.h"
#include "harness/record/flood/flood_table.h"
#include "harness/record/result_json.h"
#include "harness/record/run_folder.h"

namespace sklab {
namespace {

constexpr const char *kFamilies[] = {"udp4", "udp6", "tcp4", "tcp6"};
constexpr char kLiveFrames[] = "live-frames";

struct NamedGenerator {
  const char *name;
  FloodGenerator generator;
};
constexpr NamedGenerator kGenerators[] = {{kLiveFrames, FloodGenerator::kLiveFrames},
                                          {"raw", FloodGenerator::kRaw},
                                          {"trafgen", FloodGenerator::kTrafgen},
                                          {"xdp-trafficgen", FloodGenerator::kXdpTrafficgen}};

std::vector<std::string> generator_names() {
  std::vector<std::string> names;
  for (const NamedGenerator &one : kGenerators) names.emplace_back(one.name);
  return names;
}

// Requires: one of the names.
FloodGenerator generator_named(const std::string &name) {
  return std::find_if(std::begin(kGenerators), std::end(kGenerators),
                      [&](const NamedGenerator &one) { return one.name == name; })
      ->generator;
}

struct FloodOptions {
  std::vector<std::string> families;
  std::string generator = kLiveFrames;
  bool json = false;
  bool quick = false;
  std::optional<double> seconds;
  std::optional<uint64_t> seed;
  std::optional<unsigned> cpu;
  std::string output;
  std::string command_line;
  TargetOptions target;
};

// A regular expression for the groups of the families.
std::string filter_of(const std::vector<std::string> &families) {
  std::string names;
  for (const std::string &family : families) names += (names.empty() ? "" : "|") + family;
  return fmt::format("^({})_{}", names.empty() ? ".*" : names, GroupSpec::kFloodWord);
}

Result<RunRecord> measure_flood(const FloodOptions &options, const Fingerprint &fingerprint) {
  std::optional<Progress> progress;
  SuiteOptions suite;
  suite.selection = {filter_of(options.families), options.quick};
  suite.seconds = options.seconds;
  suite.seed = options.seed ? *options.seed : std::random_device{}();
  suite.generator = generator_named(options.generator);
  suite.keep_partial = true;
  suite.cpu = options.cpu;
  suite.fingerprint = fingerprint;
  suite.command_line = options.command_line;
  suite.progress = [&](double done_s, double total_s, const std::string &what) {
    if (!progress) progress.emplace(stderr, "flood", total_s);
    progress->update(done_s, what);
  };
  auto record = run_suite(suite);
  if (progress) progress->finish();
  return record;
}

Result<std::filesystem::path> save_flood(RunFolder &folder, const RunRecord &run,
                                         const FloodRecord &record) {
  SKLAB_CHECK(folder.add("flood.json", flood_json(record)));
  SKLAB_CHECK(folder.add("result.json", result_json(run)));
  SKLAB_CHECK(folder.add("table.md", flood_markdown(record)));
  SKLAB_CHECK(folder.add("table.txt", flood_table(record)));
  return folder.publish();
}

ExitCode verdict_of(const FloodRecord &record) {
  size_t failed = 0;
  for (const FloodFamily &family : record.families) {
    failed += static_cast<size_t>(
        std::count_if(family.rows.begin(), family.rows.end(),
                      [](const FloodRow &row) { return row.status == RowStatus::kFailed; }));
  }
  if (failed != 0) {
    fmt::print(stderr, "sklab flood: {} rows failed their check and have no number\n", failed);
    return ExitCode::kFinding;
  }
  return record.complete ? ExitCode::kOk : ExitCode::kInterrupted;
}

ExitCode run_flood(const FloodOptions &options) {
  const Fingerprint fingerprint = read_fingerprint();
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  const std::string run_id = new_run_id(std::time(nullptr));
  auto folder = RunFolder::create(options.output, run_id);
  if (!folder) return report_error(folder.error());
  watch_interrupts();
  auto run = measure_flood(options, fingerprint);
  if (!run && interrupted()) {
    fmt::print(stderr, "sklab flood: interrupted too early, nothing was saved\n");
    return ExitCode::kInterrupted;
  }
  if (!run) return report_error(run.error());
  run->run_id = run_id;
  const FloodRecord record = summarise_flood(*run, options.generator);
  const auto saved = save_flood(*folder, *run, record);
  fmt::print("{}", options.json ? flood_json(record) : flood_table(record));
  std::fflush(stdout);  // before what follows on stderr
  if (!saved) return report_error(saved.error());
  fmt::print(stderr, "results: {}\n", saved->string());
  return verdict_of(record);
}

// The generator's program goes there, if it is one.
ExitCode flood_in_guest(const FloodOptions &options) {
  TargetFiles files{{}, {options.output}};
  const FloodGenerator generator = generator_named(options.generator);
  if (generator == FloodGenerator::kTrafgen || generator == FloodGenerator::kXdpTrafficgen) {
    const auto program = ToolFlood::program_of(generator == FloodGenerator::kTrafgen
                                                   ? ToolFlood::Tool::kTrafgen
                                                   : ToolFlood::Tool::kXdpTrafficgen);
    if (!program) return report_error(program.error());
    files.programs.emplace_back(*program);
  }
  return run_on_target(options.target, files);
}

}  // namespace

Command add_flood(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<FloodOptions>();
  options->output = kRunsFolder;
  options->command_line = command_line;
  CLI::App *flood = app.add_subcommand(
      "flood",
      "Measure what packets take, under a flood of UDP or TCP SYN, with and without the hook");
  flood->add_option("--families", options->families, "Of packets (default: all)")
      ->delimiter(',')
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kFamilies), std::end(kFamilies))));
  flood
      ->add_option(
          "--generator", options->generator,
          "live-frames: made in the kernel, go up the stack as a driver's; raw: sent by a\n"
          "packet socket through a veth pair; the others are programs of netsniff-ng and\n"
          "xdp-tools, which send as they do (xdp-trafficgen: udp6 only)")
      ->check(CLI::IsMember(generator_names()))
      ->capture_default_str();
  flood->add_flag("--quick", options->quick, "Half a minute instead of two, less precise");
  flood->add_option("--time", options->seconds, "Seconds of measuring, set-up not included")
      ->check(CLI::PositiveNumber);
  flood->add_option("--seed", options->seed, "Seed of the order of rows (default: random)");
  flood->add_option("--cpu", options->cpu, "CPU to run on (default: the last one allowed)");
  flood->add_option("--output", options->output, "Folder that gets one folder a run")
      ->type_name("FOLDER")
      ->capture_default_str();
  flood->add_flag("--json", options->json, "Print flood.json instead of the table");
  add_target_options(*flood, options->target, command_line);
  flood->footer(
      "Packets go into namespaces of its own, and end there: each is accounted for, at a socket "
      "or\n"
      "at a counter of the kernel. Ctrl-C keeps what was measured so far.\n\n"
      "Examples:\n"
      "  sklab flood                              all families, two minutes\n"
      "  sklab flood --families udp4,udp6 --quick\n"
      "  sklab flood --generator raw              what the generator does to the figure\n"
      "  sklab flood --json | jq '.families[].rows[] | {name, pps: .packets_per_second.value}'\n"
      "  sklab flood --quick --target guest:6.12  there a nanosecond is an instruction\n\n" +
      std::string(kExitCodes));
  return {flood, [options] {
            return options->target.is_guest() ? flood_in_guest(*options) : run_flood(*options);
          }};
}

}  // namespace sklab
