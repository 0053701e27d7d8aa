// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab baseline`: what later gates are compared with.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <random>

#include "bench/gate/baseline_run.h"
#include "bench/gate/comparability.h"
#include "harness/cli/baseline_prune.h"
#include "harness/cli/command.h"
#include "harness/cli/gate_sides.h"
#include "harness/cli/object_options.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/record/baseline/baseline_json.h"
#include "harness/record/baseline/baseline_store.h"
#include "harness/record/baseline/baseline_table.h"

namespace sklab {
namespace {

struct BaselineCommandOptions {
  std::string name = "default";
  std::filesystem::path folder = kBaselinesFolder;
  BaselineOptions recording;
  ObjectOptions object;
  ThresholdOptions thresholds;
  std::filesystem::path build;
  std::optional<uint64_t> seed;
  bool replace = false;
  bool json = false;
  BaselinePruneOptions prune;
};

Result<BaselineRecord> measure_baseline(BaselineOptions &options) {
  // How long it takes is not known: the share that is done stands for seconds.
  Progress progress(stderr, "baseline", 1);
  options.progress = [&](double share, const std::string &what) { progress.update(share, what); };
  return record_baseline(options);
}

// Both recordings must tell the same, or neither is kept.
ExitCode keep_if_both_agree(const BaselineCommandOptions &options, const Thresholds &thresholds,
                            const std::filesystem::path &file, const BaselineRecord &record) {
  const std::vector<GateRow> disagreeing = disagreements(record, thresholds);
  if (!disagreeing.empty()) {
    fmt::print(
        stderr,
        "sklab baseline: the two recordings differ by {:+.2f} % at {} ({} of {} rows differ), "
        "nothing was saved: record when the machine is idle\n",
        disagreeing[0].change.value * 100, disagreeing[0].name, disagreeing.size(),
        record.rows.size());
    return ExitCode::kInconclusive;
  }
  if (const auto written = write_baseline(file, record, options.replace); !written) {
    return report_error(written.error());
  }
  fmt::print("{}", options.json ? baseline_json(record) : baseline_table(record));
  fmt::print(stderr, "baseline: {}\n", file.string());
  return ExitCode::kOk;
}

ExitCode run_record(BaselineCommandOptions &options) {
  const auto file = baseline_path(options.folder, options.name);
  if (!file) return report_error(file.error());
  if (const auto free = check_free(*file, options.replace); !free)
    return report_error(free.error());
  const auto program = sklab_program(options.build);
  if (!program) return report_error(program.error());
  const auto thresholds = read_thresholds(options.thresholds, options.recording.selection.quick);
  if (!thresholds) return report_error(thresholds.error());
  auto object = read_object(options.object, false);
  if (!object) return report_error(object.error());
  options.recording.object = *object;
  options.recording.side = {"baseline", *program, "", options.object.object,
                            options.object.scenario};
  options.recording.seed = options.seed ? *options.seed : std::random_device{}();
  options.recording.fingerprint = read_fingerprint();
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  if (const auto tried = try_object(*object); !tried) return report_error(tried.error());
  watch_interrupts();
  auto record = measure_baseline(options.recording);
  if (interrupted()) {
    fmt::print(stderr, "sklab baseline: interrupted, nothing was saved\n");
    return ExitCode::kInterrupted;
  }
  if (!record) return report_error(record.error());
  record->name = file->stem().string();
  return keep_if_both_agree(options, *thresholds, *file, *record);
}

ExitCode list_all(const BaselineCommandOptions &options) {
  const auto listed = list_baselines(options.folder, read_fingerprint());
  if (!listed) return report_error(listed.error());
  if (listed->empty()) {
    fmt::print("no baseline in {}; `sklab baseline record` makes one\n", options.folder.string());
  } else {
    fmt::print("{}", baseline_list(*listed));
  }
  return ExitCode::kOk;
}

ExitCode run_show(const BaselineCommandOptions &options, bool named) {
  if (!named) return list_all(options);
  const auto file = baseline_path(options.folder, options.name);
  if (!file) return report_error(file.error());
  const auto record = read_baseline(*file);
  if (!record) return report_error(record.error());
  fmt::print("{}", options.json ? baseline_json(*record) : baseline_table(*record));
  return ExitCode::kOk;
}

void add_folder(CLI::App &command, BaselineCommandOptions &options) {
  command.add_option("--folder", options.folder, "Folder of baselines")
      ->type_name("FOLDER")
      ->capture_default_str();
}

CLI::App *add_record(CLI::App &baseline, BaselineCommandOptions &options) {
  CLI::App *record = baseline.add_subcommand(
      "record", "Measure every row twice, and keep both recordings if they agree");
  BaselineOptions &recording = options.recording;
  record->add_option("name", options.name, "Name, or file ending in .json")->capture_default_str();
  add_folder(*record, options);
  record->add_option("--filter", recording.selection.filter,
                     "Regular expression searched for in row names (`sklab bench --list`)");
  record->add_flag("--quick", recording.selection.quick, "Rows that `sklab gate --quick` has");
  record
      ->add_option("--processes", recording.processes,
                   "Processes that measure each row, in each recording")
      ->check(CLI::Range(4, 1000))
      ->capture_default_str();
  add_threshold_options(*record, options.thresholds,
                        "What recordings may differ (default: 2%, with --quick 5%)");
  add_object_options(*record, options.object, {});
  record->add_option("--build", options.build, "Build to measure (default: this one)")
      ->type_name("FILE");
  record->add_option("--seed", options.seed,
                     "Seed of packets and of the order of everything (default: random)");
  record->add_option("--cpu", recording.cpu, "CPU to measure on (default: the last one allowed)");
  record->add_flag("--replace", options.replace, "Record a baseline anew that exists");
  record->add_flag("--json", options.json, "Print the file instead of the table");
  record->footer(
      "Examples:\n"
      "  sklab baseline record --quick\n"
      "  sklab gate --quick --baseline default          fails if lookups became slower\n\n" +
      std::string(kExitCodes));
  return record;
}

CLI::App *add_show(CLI::App &baseline, BaselineCommandOptions &options) {
  CLI::App *show = baseline.add_subcommand("show", "Print a baseline, or list all of them");
  show->add_option("name", options.name, "Name, or file (default: list all)");
  add_folder(*show, options);
  show->add_flag("--json", options.json, "Print the file instead of the table");
  show->footer("Examples:\n  sklab baseline show\n  sklab baseline show default\n\n" +
               std::string(kExitCodes));
  return show;
}

CLI::App *add_prune(CLI::App &baseline, BaselineCommandOptions &options) {
  CLI::App *prune = baseline.add_subcommand("prune", "Remove baselines that are of no use");
  add_folder(*prune, options);
  prune->add_flag("--unusable", options.prune.unusable,
                  "Remove those that no gate on this machine can be compared with");
  prune
      ->add_option("--older-than", options.prune.older_than_days,
                   "Remove those recorded more than so many days ago")
      ->check(CLI::Range(0, 36500));
  prune->add_flag("--dry-run", options.prune.dry_run, "Only say what would be removed");
  prune->footer(
      "Examples:\n  sklab baseline prune --unusable --dry-run\n  sklab baseline prune --older-than "
      "90\n\n" +
      std::string(kExitCodes));
  return prune;
}

}  // namespace

Command add_baseline(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<BaselineCommandOptions>();
  options->recording.command_line = command_line;
  CLI::App *baseline = app.add_subcommand("baseline", "Record what later gates are compared with");
  baseline->require_subcommand(1);
  const CLI::App *record = add_record(*baseline, *options);
  const CLI::App *show = add_show(*baseline, *options);
  add_prune(*baseline, *options);
  baseline->footer(
      "Examples:\n"
      "  sklab baseline record --quick\n"
      "  sklab baseline show\n\n" +
      std::string(kExitCodes));
  return {baseline, [options, record, show] {
            if (record->parsed()) return run_record(*options);
            if (show->parsed()) return run_show(*options, show->count("name") != 0);
            return prune_baselines(options->folder, options->prune);
          }};
}

}  // namespace sklab
