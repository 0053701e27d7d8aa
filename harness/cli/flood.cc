// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>

#include "bench/suite.h"
#include "harness/cli/command.h"
#include "harness/cli/measurement.h"
#include "harness/cli/report_error.h"
#include "harness/cli/target.h"
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
  bool quick = false;
  std::optional<double> seconds;
  std::optional<uint64_t> seed;
  std::optional<unsigned> cpu;
  MeasurementOutput output{kRunsFolder};
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
  SuiteOptions suite;
  suite.selection = {filter_of(options.families), options.quick};
  suite.seconds = options.seconds;
  suite.seed = options.seed ? *options.seed : std::random_device{}();
  suite.generator = generator_named(options.generator);
  suite.keep_partial = true;
  suite.cpu = options.cpu;
  suite.fingerprint = fingerprint;
  suite.command_line = options.command_line;
  suite.progress = progress_on(stderr, "flood");
  return run_suite(suite);
}

class FloodMeasurement final : public Measurement {
 public:
  explicit FloodMeasurement(const FloodOptions &options) : options_(options) {}

  Result<> measure(const Fingerprint &fingerprint, const std::string &run_id) override {
    SKLAB_TRY(run_, measure_flood(options_, fingerprint));
    run_.run_id = run_id;
    record_ = summarise_flood(run_, options_.generator);
    return Ok{};
  }

  [[nodiscard]] Result<> add_files(RunFolder &folder) const override {
    SKLAB_CHECK(folder.add("flood.json", json()));
    SKLAB_CHECK(folder.add("result.json", result_json(run_)));
    SKLAB_CHECK(folder.add("table.md", flood_markdown(record_)));
    return folder.add("table.txt", table());
  }

  [[nodiscard]] std::string table() const override { return flood_table(record_); }
  [[nodiscard]] std::string json() const override { return flood_json(record_); }
  [[nodiscard]] bool is_complete() const override { return record_.complete; }

  [[nodiscard]] size_t failed_rows() const override {
    size_t failed = 0;
    for (const FloodFamily &family : record_.families) {
      failed += static_cast<size_t>(
          std::count_if(family.rows.begin(), family.rows.end(),
                        [](const FloodRow &row) { return row.status == RowStatus::kFailed; }));
    }
    return failed;
  }

 private:
  const FloodOptions &options_;
  RunRecord run_;
  FloodRecord record_;
};

// The generator's program goes there, if it is one.
ExitCode flood_in_guest(const FloodOptions &options) {
  TargetFiles files{{}, {options.output.folder}};
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
  flood->add_option("--output", options->output.folder, "Folder that gets one folder a run")
      ->type_name("FOLDER")
      ->capture_default_str();
  flood->add_flag("--json", options->output.json, "Print flood.json instead of the table");
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
            if (options->target.is_guest()) return flood_in_guest(*options);
            FloodMeasurement measurement(*options);
            return run_measurement("flood", options->output, measurement);
          }};
}

}  // namespace sklab
