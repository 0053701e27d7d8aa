// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>

#include "bench/range/range_run.h"
#include "bench/range/tproxy_rule.h"
#include "harness/cli/command.h"
#include "harness/cli/measurement.h"
#include "harness/cli/target.h"
#include "harness/measure/progress.h"
#include "harness/record/range/range_json.h"
#include "harness/record/range/range_table.h"
#include "harness/record/run_folder.h"

namespace sklab {
namespace {

constexpr double kRangeSeconds = 60;
constexpr double kQuickRangeSeconds = 20;

struct RangeCliOptions {
  std::vector<std::string> families{"udp4", "tcp4"};
  bool quick = false;
  std::optional<double> seconds;
  std::optional<uint64_t> seed;
  std::optional<unsigned> cpu;
  MeasurementOutput output{kRunsFolder};
  std::string command_line;
  TargetOptions target;
};

Result<RangeRecord> measure_range(const RangeCliOptions &options, const Fingerprint &fingerprint) {
  RangeOptions run;
  run.families = options.families;
  run.seconds = options.seconds.value_or(options.quick ? kQuickRangeSeconds : kRangeSeconds);
  run.seed = options.seed ? *options.seed : std::random_device{}();
  run.cpu = options.cpu;
  run.mode = options.quick ? "quick" : "default";
  run.fingerprint = fingerprint;
  run.command_line = options.command_line;
  run.progress = progress_on(stderr, "range");
  return run_range(run);
}

class RangeMeasurement final : public Measurement {
 public:
  explicit RangeMeasurement(const RangeCliOptions &options) : options_(options) {}

  Result<> measure(const Fingerprint &fingerprint, const std::string &run_id) override {
    SKLAB_TRY(record_, measure_range(options_, fingerprint));
    record_.run_id = run_id;
    return Ok{};
  }

  [[nodiscard]] Result<> add_files(RunFolder &folder) const override {
    SKLAB_CHECK(folder.add("range.json", json()));
    SKLAB_CHECK(folder.add("table.md", range_markdown(record_)));
    return folder.add("table.txt", table());
  }

  [[nodiscard]] std::string table() const override { return range_table(record_); }
  [[nodiscard]] std::string json() const override { return range_json(record_); }
  [[nodiscard]] bool is_complete() const override { return record_.complete; }

  [[nodiscard]] size_t failed_rows() const override {
    size_t failed = 0;
    for (const RangeFamily &family : record_.families) {
      failed += static_cast<size_t>(
          std::count_if(family.rows.begin(), family.rows.end(),
                        [](const RangeRow &row) { return row.status == RowStatus::kFailed; }));
    }
    return failed;
  }

 private:
  const RangeCliOptions &options_;
  RangeRecord record_;
};

// TPROXY's row is skipped there if nft is not here.
ExitCode range_in_guest(const RangeCliOptions &options) {
  TargetFiles files{{}, {options.output.folder}};
  if (const auto nft = find_nft()) {
    files.programs.emplace_back(*nft);
    files.tproxy = true;
  }
  return run_on_target(options.target, files);
}

}  // namespace

Command add_range(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<RangeCliOptions>();
  options->command_line = command_line;
  CLI::App *range = app.add_subcommand(
      "range", "Compare the ways to get a range of addresses and ports to one server");
  range->add_option("--families", options->families, "Of requests")
      ->delimiter(',')
      ->check(CLI::IsMember({"udp4", "udp6", "tcp4", "tcp6"}))
      ->capture_default_str();
  range->add_flag("--quick", options->quick, "Twenty seconds instead of a minute, less precise");
  range->add_option("--time", options->seconds, "Seconds, set-up included")
      ->check(CLI::PositiveNumber);
  range->add_option("--seed", options->seed,
                    "Seed of the order of rows and of requests (default: random)");
  range->add_option("--cpu", options->cpu, "CPU to run on (default: the last one allowed)");
  range->add_option("--output", options->output.folder, "Folder that gets one folder a run")
      ->type_name("FOLDER")
      ->capture_default_str();
  range->add_flag("--json", options->output.json, "Print range.json instead of the table");
  add_target_options(*range, options->target, command_line);
  range->footer(
      "256 addresses times 256 ports: by a socket for each, by sockets for each port, with and\n"
      "without a SK_REUSEPORT program, by bpf_sk_assign at the interface, by TPROXY, and by the\n"
      "hook. Each is set up anew in every round. Ctrl-C keeps what was measured so far.\n\n"
      "Examples:\n"
      "  sklab range                         UDP and TCP over IPv4, one minute\n"
      "  sklab range --families udp6 --quick\n"
      "  sklab range --json | jq '.families[].rows[] | {name, ms: .setup_ms.value}'\n\n" +
      std::string(kExitCodes));
  return {range, [options] {
            if (options->target.is_guest()) return range_in_guest(*options);
            RangeMeasurement measurement(*options);
            return run_measurement("range", options->output, measurement);
          }};
}

}  // namespace sklab
