// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>

#include "bench/latency/latency_run.h"
#include "harness/cli/command.h"
#include "harness/cli/measurement.h"
#include "harness/cli/target.h"
#include "harness/measure/progress.h"
#include "harness/record/latency/latency_json.h"
#include "harness/record/latency/latency_table.h"
#include "harness/record/latency/percentile_file.h"
#include "harness/record/latency/percentile_picture.h"
#include "harness/record/run_folder.h"

namespace sklab {
namespace {

constexpr double kLatencySeconds = 100;
constexpr double kQuickLatencySeconds = 20;
constexpr double kLeastPerSecond = 100;
constexpr double kMostPerSecond = 1e6;
constexpr char kNoChurn[] = "none";
constexpr char kAllChurn[] = "all";

struct LatencyCliOptions {
  LatencySelection selection{{"udp4", "tcp4"}, {}, {}, {10, 1000, 10000}, 10000};
  std::vector<std::string> churn{kNoChurn};
  bool quick = false;
  std::optional<double> seconds;
  std::optional<uint64_t> seed;
  std::optional<unsigned> cpu;
  MeasurementOutput output{kRunsFolder};
  std::string command_line;
  TargetOptions target;
};

std::vector<std::string> churn_names() {
  std::vector<std::string> names{kNoChurn, kAllChurn};
  for (const ChurnDescription &one : all_churn()) names.emplace_back(one.name);
  return names;
}

template <typename T>
void keep_each_once(std::vector<T> &values) {
  std::vector<T> once;
  for (const T &value : values) {
    if (std::find(once.begin(), once.end(), value) == once.end()) once.push_back(value);
  }
  values = std::move(once);
}

// In the order of the table, each once.
std::vector<ChurnKind> churn_named(const std::vector<std::string> &names) {
  std::vector<ChurnKind> kinds;
  const auto is_named = [&](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const ChurnDescription &one : all_churn()) {
    if (is_named(kAllChurn) || is_named(one.name)) kinds.push_back(one.kind);
  }
  return kinds;
}

Result<LatencyRecord> measure_latency(const LatencyCliOptions &options,
                                      const Fingerprint &fingerprint) {
  LatencyOptions run;
  run.selection = options.selection;
  run.selection.churn = churn_named(options.churn);
  keep_each_once(run.selection.families);
  keep_each_once(run.selection.rates_per_second);
  keep_each_once(run.selection.churn_per_second);
  run.seconds = options.seconds.value_or(options.quick ? kQuickLatencySeconds : kLatencySeconds);
  run.seed = options.seed ? *options.seed : std::random_device{}();
  run.cpu = options.cpu;
  run.mode = options.quick ? "quick" : "default";
  run.fingerprint = fingerprint;
  run.command_line = options.command_line;
  run.progress = progress_on(stderr, "latency");
  return run_latency(run);
}

class LatencyMeasurement final : public Measurement {
 public:
  explicit LatencyMeasurement(const LatencyCliOptions &options) : options_(options) {}

  Result<> measure(const Fingerprint &fingerprint, const std::string &run_id) override {
    SKLAB_TRY(record_, measure_latency(options_, fingerprint));
    record_.run_id = run_id;
    return Ok{};
  }

  [[nodiscard]] Result<> add_files(RunFolder &folder) const override {
    for (const LatencySectionRecord &section : record_.sections) {
      for (const LatencyRowRecord &row : section.rows) {
        if (row.status != RowStatus::kOk) continue;
        SKLAB_CHECK(folder.add(percentile_file_name(section, row), percentile_file(row)));
      }
    }
    SKLAB_CHECK(folder.add("percentiles.svg", percentile_picture(record_)));
    SKLAB_CHECK(folder.add("latency.json", json()));
    SKLAB_CHECK(folder.add("table.md", latency_markdown(record_)));
    return folder.add("table.txt", table());
  }

  [[nodiscard]] std::string table() const override { return latency_table(record_); }
  [[nodiscard]] std::string json() const override { return latency_json(record_); }
  [[nodiscard]] bool is_complete() const override { return record_.complete; }

  [[nodiscard]] size_t failed_rows() const override {
    size_t failed = 0;
    for (const LatencySectionRecord &section : record_.sections) {
      failed += static_cast<size_t>(std::count_if(
          section.rows.begin(), section.rows.end(),
          [](const LatencyRowRecord &row) { return row.status == RowStatus::kFailed; }));
    }
    return failed;
  }

 private:
  const LatencyCliOptions &options_;
  LatencyRecord record_;
};

void add_selection(CLI::App &latency, LatencyCliOptions &options) {
  LatencySelection &selection = options.selection;
  latency.add_option("--families", selection.families, "Of requests")
      ->delimiter(',')
      ->check(CLI::IsMember({"udp4", "udp6", "tcp4", "tcp6"}))
      ->capture_default_str();
  latency
      .add_option("--rate", selection.rates_per_second,
                  "Requests a second, from 100 (default: 40000 of UDP, 10000 connections)")
      ->delimiter(',')
      ->check(CLI::Range(kLeastPerSecond, kMostPerSecond).description(""));
  CLI::Option *churn =
      latency
          .add_option("--churn", options.churn,
                      "What changes meanwhile. link: the attached program is replaced; attach: a\n"
                      "second program comes and goes; key: the only one does, and the static key\n"
                      "with it; sockmap, lpm: entries of its maps are written")
          ->delimiter(',')
          ->check(CLI::IsMember(churn_names()))
          ->capture_default_str();
  latency.add_option("--churn-rate", selection.churn_per_second, "Changes a second")
      ->delimiter(',')
      ->check(CLI::Range(1.0, kMostPerSecond).description(""))
      ->capture_default_str()
      ->needs(churn);
  latency
      .add_option("--sockets", selection.sockets,
                  "Measure among so many other sockets, too; 0: do not")
      ->check(CLI::Range(0, 40000).description(""))
      ->capture_default_str();
}

}  // namespace

Command add_latency(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<LatencyCliOptions>();
  options->command_line = command_line;
  CLI::App *latency = app.add_subcommand(
      "latency", "Measure how long requests take, up to the slowest ones, while programs change");
  add_selection(*latency, *options);
  latency->add_flag("--quick", options->quick, "Twenty seconds, fewer percentiles");
  latency->add_option("--time", options->seconds, "Seconds of measuring, set-up not included")
      ->check(CLI::PositiveNumber);
  latency->add_option("--seed", options->seed,
                      "Seed of the order of rows and of churn (default: random)");
  latency->add_option("--cpu", options->cpu,
                      "CPU to send requests on (default: the last one allowed)");
  latency->add_option("--output", options->output.folder, "Folder that gets one folder a run")
      ->type_name("FOLDER")
      ->capture_default_str();
  latency->add_flag("--json", options->output.json, "Print latency.json instead of the table");
  add_target_options(*latency, options->target, command_line);
  latency->footer(
      "Client and server are in namespaces of its own, at the ends of a veth pair, and take turns\n"
      "in one thread. Requests are due evenly, whatever became of those before, and are counted\n"
      "from when they were due. Ctrl-C keeps what was measured so far.\n\n"
      "Examples:\n"
      "  sklab latency                             UDP and TCP, with and without the hook\n"
      "  sklab latency --churn link --quick        while a link's program is replaced\n"
      "  sklab latency --churn all --churn-rate 1000 --families udp4 --sockets 0\n"
      "  sklab latency --rate 1000,50000 --families udp6\n"
      "  sklab latency --json | jq '.sections[].rows[] | {name, p: .percentiles}'\n\n" +
      std::string(kExitCodes));
  return {latency, [options] {
            if (options->target.is_guest()) {
              return run_on_target(options->target, {{}, {options->output.folder}});
            }
            LatencyMeasurement measurement(*options);
            return run_measurement("latency", options->output, measurement);
          }};
}

}  // namespace sklab
