// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/conform.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <random>

#include "harness/base/utc_time.h"
#include "harness/cli/command.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/conform/object_program.h"
#include "harness/conform/suite.h"
#include "harness/kernel/kernel_coverage.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/path/object_lab.h"
#include "harness/record/conform_json.h"
#include "harness/record/conform_summary.h"
#include "harness/record/junit.h"
#include "harness/record/kernel_blocks.h"
#include "harness/record/ktap.h"
#include "harness/record/run_folder.h"

namespace sklab {
namespace {

constexpr const char *kDepthNames[] = {"quick", "default", "exhaustive"};

ExitCode list_groups(const std::vector<ConformGroup> &groups) {
  for (const ConformGroup &group : groups) fmt::print("{:<18} {}\n", group.name, group.title);
  return ExitCode::kOk;
}

Depth depth_of(const ConformOptions &options) {
  if (options.exhaustive) return Depth::kExhaustive;
  return options.quick ? Depth::kQuick : Depth::kDefault;
}

bool has_failed(const CaseGroupRecord &group) {
  return count_cases(group).of(CaseStatus::kFail) > 0;
}

// Runs the groups; KTAP is shown as soon as a group is done. Ends early when interrupted.
void run_groups(const std::vector<ConformGroup> &groups, const ConformSettings &settings,
                const ConformOptions &options, std::optional<KernelCoverage> &coverage,
                ConformRecord &record) {
  const bool show_ktap = !options.json;
  Progress progress(stderr, "conform", static_cast<double>(groups.size()));
  const auto start = std::chrono::steady_clock::now();
  if (show_ktap) fmt::print("{}", ktap_head(groups.size()));
  for (const ConformGroup &group : groups) {
    const auto done = static_cast<double>(record.groups.size());
    record.groups.push_back(run_group(group, settings, [&](const std::string &what) {
      progress.update(done, what);
      if (coverage) coverage->sample();
    }));
    if (show_ktap) fmt::print("{}", ktap_group(record.groups.back(), record.groups.size()));
    if (interrupted()) break;
    if (!options.fail_fast || !has_failed(record.groups.back())) continue;
    if (show_ktap && record.groups.size() < groups.size()) fmt::print("Bail out! --fail-fast\n");
    break;
  }
  progress.finish();
  record.duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Result<std::filesystem::path> save(RunFolder &folder, const ConformRecord &record,
                                   std::optional<KernelCoverage> &coverage) {
  std::string ktap = ktap_head(record.groups.size());
  for (size_t i = 0; i < record.groups.size(); ++i) ktap += ktap_group(record.groups[i], i + 1);
  SKLAB_CHECK(folder.add("conform.json", conform_json(record)));
  SKLAB_CHECK(folder.add("junit.xml", junit_xml(record)));
  SKLAB_CHECK(folder.add("results.ktap", ktap));
  SKLAB_CHECK(folder.add("summary.txt", conform_summary(record)));
  unsigned number = 0;
  for (const CaseGroupRecord &group : record.groups) {
    for (const CaseRecord &one : group.cases) {
      for (const std::string &scenario : one.scenarios) {
        const std::string head = fmt::format("# {}/{}\n", group.name, one.name);
        const std::string name = fmt::format("mismatch_{}.scenario", ++number);
        SKLAB_CHECK(folder.add(name, head + scenario + "\n"));
      }
    }
  }
  if (coverage) {
    SKLAB_CHECK(
        folder.add(kKernelBlocksFile, kernel_blocks_json(record.fingerprint, coverage->blocks())));
  }
  return folder.publish();
}

ExitCode verdict(const ConformRecord &record) {
  const CaseCounts counts = count_cases(record);
  if (counts.mismatches > 0) return ExitCode::kFinding;
  // Cases that failed without a mismatch are those that could not be run.
  if (counts.of(CaseStatus::kFail) > 0) return ExitCode::kHarnessFailure;
  return counts.outcomes == 0 ? ExitCode::kSkip : ExitCode::kOk;
}

}  // namespace

ExitCode run_conform(const ConformOptions &options, const Rules &rules) {
  auto groups = select_conform_groups(options.filter);
  if (!groups) return report_error(groups.error());
  if (options.list) return list_groups(*groups);

  ConformRecord record;
  record.fingerprint = read_fingerprint();
  auto object = read_object(options.object);
  if (!object) return report_error(object.error());
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  std::optional<ObjectLab> lab;
  if (*object) {
    auto opened = ObjectLab::create(**object);
    if (!opened) return report_error(opened.error());
    lab.emplace(std::move(*opened));
    *groups = {object_group()};
  }
  const std::time_t now = std::time(nullptr);
  record.run_id = new_run_id(now);
  record.started_utc = utc_time(now);
  auto folder = RunFolder::create(options.output, record.run_id);
  if (!folder) return report_error(folder.error());
  ConformSettings settings;
  settings.rules = &rules;
  settings.object = lab ? &*lab : nullptr;
  settings.depth = depth_of(options);
  settings.seed = options.seed ? *options.seed : std::random_device{}();
  record.depth = kDepthNames[static_cast<size_t>(settings.depth)];
  record.seed = settings.seed;
  record.command_line = options.command_line;

  watch_interrupts();
  std::optional<KernelCoverage> coverage;
  if (options.coverage) {
    auto begun = KernelCoverage::begin();
    if (!begun) return report_error(begun.error());
    coverage.emplace(std::move(*begun));
  }
  run_groups(*groups, settings, options, coverage, record);
  if (interrupted()) {
    fmt::print(stderr, "sklab conform: interrupted, nothing was saved\n");
    return ExitCode::kInterrupted;
  }
  const auto saved = save(*folder, record, coverage);
  if (options.json) fmt::print("{}", conform_json(record));
  std::fflush(stdout);
  fmt::print(stderr, "{}", conform_summary(record));
  if (!saved) return report_error(saved.error());
  fmt::print(stderr, "results: {}\n", saved->string());
  return verdict(record);
}

Command add_conform(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<ConformOptions>();
  options->output = kRunsFolder;
  options->command_line = command_line;
  CLI::App *conform =
      app.add_subcommand("conform", "Check every rule of the hook against this kernel");
  conform->add_flag("--list", options->list, "Print the selected groups, check nothing");
  conform->add_option("--filter", options->filter,
                      "Regular expression searched for in names of groups");
  CLI::Option *quick = conform->add_flag("--quick", options->quick, "A sample, in a few seconds");
  conform->add_flag("--fail-fast", options->fail_fast, "End after the first group that fails");
  conform->add_flag("--coverage", options->coverage,
                    "Also save which of the kernel's code ran, for `sklab coverage` (KCOV)");
  conform
      ->add_flag("--exhaustive", options->exhaustive,
                 "Every sequence of four programs, most of five: tens of millions of outcomes")
      ->excludes(quick);
  conform->add_option("--seed", options->seed, "Seed of random scenarios (default: random)");
  conform->add_option("--output", options->output, "Folder that gets one folder a run")
      ->type_name("FOLDER")
      ->capture_default_str();
  conform->add_flag("--json", options->json, "Print conform.json instead of KTAP");
  add_object_options(*conform, options->object,
                     {"--list", "--filter", "--quick", "--exhaustive", "--seed"});
  add_target_options(*conform, options->target, command_line);
  conform->footer(
      "KTAP goes to stdout, a summary to stderr; JUnit and JSON into the run's folder.\n\n" +
      std::string(kObjectHelp) +
      "Examples:\n"
      "  sklab conform\n"
      "  sklab conform --filter sequences --exhaustive\n"
      "  sklab conform --json | jq '{outcomes_checked, mismatches}'\n"
      "  sklab conform --seed 7                   the same random scenarios again\n"
      "  sklab conform --object dispatcher.bpf.o --scenario dispatcher.scenario\n"
      "  sklab conform --quick --target guest:6.12\n\n" +
      std::string(kExitCodes));
  return {conform, [options] {
            if (!options->target.is_guest()) return run_conform(*options);
            return run_on_target(options->target, {files_of(options->object), {options->output}});
          }};
}

}  // namespace sklab
