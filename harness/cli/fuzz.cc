// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/fuzz.h"

#include <fmt/format.h>
#include <poll.h>

#include <cctype>
#include <cstdio>
#include <memory>
#include <random>

#include "fuzz/campaign/campaign.h"
#include "fuzz/campaign/campaign_folder.h"
#include "fuzz/campaign/duration.h"
#include "fuzz/campaign/fuzzers.h"
#include "fuzz/campaign/journal_files.h"
#include "fuzz/campaign/merge.h"
#include "fuzz/campaign/mutant_fuzzers.h"
#include "fuzz/campaign/speed.h"
#include "fuzz/campaign/summary.h"
#include "fuzz/target/journal.h"
#include "harness/base/child_process.h"
#include "harness/base/temporary_folder.h"
#include "harness/cli/command.h"
#include "harness/cli/fuzz_guest.h"
#include "harness/cli/fuzz_object.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"
#include "harness/model/mutants.h"

namespace sklab {
namespace {

ExitCode list_fuzzers(const std::vector<Fuzzer> &fuzzers) {
  for (const Fuzzer &fuzzer : fuzzers) {
    fmt::print("{:<24} inputs of version {}, up to {} bytes{}\n", fuzzer.name, fuzzer.input_version,
               fuzzer.most_input_bytes, fuzzer.needs_kernel ? "; needs root" : "");
  }
  return ExitCode::kOk;
}

Result<CampaignSettings> settings_for(const FuzzOptions &options) {
  CampaignSettings settings;
  SKLAB_TRY(const double seconds, parse_duration_s(options.time));
  if (seconds > 0) settings.total_s = seconds;
  if (!options.mutant.empty()) SKLAB_CHECK(find_mutant(options.mutant));
  if (!options.journal_sync.empty()) SKLAB_CHECK(parse_journal_sync(options.journal_sync));
  settings.mutant = options.mutant;
  settings.folder =
      options.folder.empty() ? default_campaign_folder(options.mutant) : options.folder;
  settings.jobs = options.jobs;
  settings.seed = options.seed ? *options.seed : std::random_device{}();
  settings.stop_at_first_finding =
      options.stop_at_first || (!options.mutant.empty() && !options.keep_going);
  settings.journal_sync = options.journal_sync;
  return settings;
}

ExitCode merge(const std::vector<Fuzzer> &fuzzers, const FuzzOptions &options) {
  const auto folder = CampaignFolder::open(options.folder.empty() ? "campaign" : options.folder);
  if (!folder) return report_error(folder.error());
  watch_interrupts();
  Live live(stderr);
  const auto record =
      merge_corpora(fuzzers, *folder, {options.merge.begin(), options.merge.end()}, live);
  folder->clear_scratch();
  folder->release_reserve();
  if (!record) return report_error(record.error());
  fmt::print("{}", options.json ? merge_json(*record) : merge_text(*record));
  if (!record->new_findings.empty()) return ExitCode::kFinding;
  return record->was_interrupted ? ExitCode::kInterrupted : ExitCode::kOk;
}

ExitCode measure(const Fuzzer &semantics_fuzzer, const FuzzOptions &options) {
  const auto seconds = parse_duration_s(options.time);
  if (!seconds) return report_error(seconds.error());
  watch_interrupts();
  const auto rows = measure_speed(semantics_fuzzer, {.total_s = *seconds});
  if (interrupted()) return ExitCode::kInterrupted;
  if (!rows) return report_error(rows.error());
  fmt::print("{}", options.json ? speed_json(*rows) : speed_text(*rows));
  return ExitCode::kOk;
}

ExitCode extract(const std::string &journal) {
  const auto files = write_journal_files(journal);
  if (!files) return report_error(files.error());
  fmt::print("{} inputs in {}", files->inputs, files->folder.string());
  if (files->inputs > 0) fmt::print(", the last one is {}", files->last.string());
  if (files->shortened > 0) fmt::print("; {} have lost their ends", files->shortened);
  fmt::print("\n");
  return ExitCode::kOk;
}

// Inputs of one fuzzer. What they find is told, whatever is known already.
ExitCode run_inputs(const Fuzzer &fuzzer, const FuzzOptions &options) {
  const auto findings = TemporaryFolder::create("sklab-findings");
  if (!findings) return report_error(findings.error());
  ChildCommand command;
  command.arguments = {fuzzer.program, fmt::format("-error_exitcode={}", kCrashExitCode),
                       fmt::format("-artifact_prefix={}/", findings->path().string())};
  command.arguments.insert(command.arguments.end(), options.inputs.begin(), options.inputs.end());
  command.environment = {{"SKLAB_FINDINGS", findings->path()},
                         {"SKLAB_MODEL_MUTANT", options.mutant}};
  auto child = ChildProcess::start(command);
  if (!child) return report_error(child.error());
  FuzzerOutput output;
  for (;;) {
    const std::optional<int> code = child->exit_code();
    const std::string written = child->read_output();
    output.add(written);
    fmt::print("{}", written);
    if (!code) {
      ::poll(nullptr, 0, 10);
      continue;
    }
    const WorkerEnd end = worker_end(*code, false, output);
    const bool finds = end == WorkerEnd::kFinding || end == WorkerEnd::kCrash;
    return finds ? ExitCode::kFinding : static_cast<ExitCode>(*code);
  }
}

std::string fuzz_footer() {
  return "Progress goes to stderr, one JSON object a line when that is no terminal; the summary\n"
         "to stdout and into the folder.\n\n" +
         std::string(kObjectHelp) +
         "Its packets are then made up, near what the scenario has, and what is found is a\n"
         "scenario in the folder campaign-object.\n\n"
         "Examples:\n"
         "  sklab fuzz --time 10m --jobs 2\n"
         "  sklab fuzz --targets semantics_fuzzer --time 0 --folder overnight\n"
         "  sklab fuzz --model-mutant 'pass_drop: a drop outweighs a selection'\n"
         "  sklab fuzz --merge overnight --folder campaign\n"
         "  sklab fuzz --journal campaign/journal/killed-3/semantics_fuzzer.0\n"
         "  sklab fuzz --measure --json | jq '.rows[] | {programs, scenarios_per_s}'\n"
         "  sklab fuzz --json | jq '.targets[] | {name, run}'\n"
         "  sklab fuzz --time 10m --jobs 2 --target guest:6.12\n"
         "  sklab fuzz --target guest:6.12 --targets lifecycle_fuzzer --inputs "
         "campaign/findings/*/input\n"
         "  sklab fuzz --time 10s --object dispatcher.bpf.o --scenario dispatcher.scenario\n\n" +
         std::string(kExitCodes);
}

}  // namespace

Result<std::vector<Fuzzer>> fuzzers_for(const FuzzOptions &options) {
  SKLAB_TRY(std::vector<Fuzzer> found, find_fuzzers(options.fuzzers));
  std::vector<std::string> targets = options.targets;
  if (targets.empty() && !options.mutant.empty()) targets.emplace_back(fuzzer_for(options.mutant));
  if (options.measure) targets = {"semantics_fuzzer"};
  SKLAB_TRY(found, select_fuzzers(std::move(found), targets));
  if (!options.inputs.empty() && found.size() != 1) {
    return fail_as(ErrorKind::kUsage, "run inputs of all fuzzers", "", 0,
                   "name the one that they are of with --targets");
  }
  return found;
}

ExitCode run_campaign_in(Workplace &workplace, const std::vector<Fuzzer> &fuzzers,
                         const FuzzOptions &options) {
  const auto settings = settings_for(options);
  if (!settings) return report_error(settings.error());
  watch_interrupts();
  Live live(stderr);
  const auto record = run_campaign(fuzzers, *settings, workplace, live);
  if (!record) return report_error(record.error());
  fmt::print("{}", options.json ? summary_json(*record) : summary_text(*record));
  return exit_code(*record);
}

std::string default_campaign_folder(const std::string &mutant) {
  if (mutant.empty()) return "campaign";
  std::string name;
  for (const char letter : mutant) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(letter)) != 0;
    if (is_plain) name += letter;
    if (!is_plain && !name.empty() && name.back() != '_') name += '_';
  }
  return "campaign-mutants/" + name;
}

ExitCode run_fuzz(const FuzzOptions &options) {
  if (!options.object.object.empty()) return run_object_fuzz(options);
  if (!options.journal.empty()) return extract(options.journal);
  if (options.list_mutants) {
    fmt::print("{}", mutant_list());
    return ExitCode::kOk;
  }
  const auto fuzzers = fuzzers_for(options);
  if (!fuzzers) return report_error(fuzzers.error());
  if (options.list) return list_fuzzers(*fuzzers);
  if (options.measure) return measure(fuzzers->front(), options);
  if (options.minimise || !options.merge.empty()) return merge(*fuzzers, options);
  if (!options.inputs.empty()) return run_inputs(fuzzers->front(), options);
  HostWorkplace workplace;
  return run_campaign_in(workplace, *fuzzers, options);
}

Command add_fuzz(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<FuzzOptions>();
  CLI::App *fuzz = app.add_subcommand("fuzz", "Look for what nobody thought of, with libFuzzer");
  fuzz->add_option("--targets", options->targets, "Fuzzers, separated by commas (default: all)")
      ->delimiter(',');
  fuzz->add_option("--time", options->time,
                   "How long, with s, m, h or d; 0 is until it is interrupted\n"
                   "(not with --object)")
      ->capture_default_str();
  fuzz->add_option("--jobs", options->jobs, "Processes at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  fuzz->add_option("--folder", options->folder,
                   "Folder of the campaign; one that is there is gone on with (default: campaign)")
      ->type_name("FOLDER");
  fuzz->add_option("--seed", options->seed, "Seed of the fuzzers (default: random)");
  CLI::Option *mutant =
      fuzz->add_option("--model-mutant", options->mutant,
                       "A rule to get wrong, which has to be found; ends with the first finding");
  CLI::Option *stop = fuzz->add_flag("--stop-at-first-finding", options->stop_at_first,
                                     "End with the first finding of a new kind");
  fuzz->add_flag("--keep-going", options->keep_going, "Go on after findings of a wrong rule, too")
      ->excludes(stop);
  fuzz->add_option("--fuzzers", options->fuzzers, "Folder of the fuzzers")->type_name("FOLDER");
  fuzz->add_option("--journal-sync", options->journal_sync,
                   "What is done so that a kernel's panic leaves the inputs before it: none, each\n"
                   "(hand each to the disk) or wait (until the disk has it)")
      ->check(CLI::IsMember({"none", "each", "wait"}));
  fuzz->add_option("--merge", options->merge,
                   "Take the inputs of other campaigns over, and make the corpora minimal")
      ->type_name("FOLDER")
      ->excludes(mutant);
  fuzz->add_flag("--minimise", options->minimise, "Only make the corpora minimal")
      ->excludes(mutant);
  fuzz->add_option("--journal", options->journal,
                   "Only write the inputs of this journal as files beside it")
      ->type_name("FILE");
  fuzz->add_option("--inputs", options->inputs,
                   "Only run these inputs of one fuzzer, in this order")
      ->type_name("FILE");
  fuzz->add_flag("--list", options->list, "Print the fuzzers, run none");
  fuzz->add_flag("--list-mutants", options->list_mutants,
                 "Print the rules that can be got wrong, and which fuzzer is to find each");
  fuzz->add_flag("--measure", options->measure,
                 "Only measure how fast semantics_fuzzer is, with 1 and with 8 programs")
      ->excludes(mutant);
  fuzz->add_flag("--json", options->json, "Print summary.json instead of the text");
  add_object_options(*fuzz, options->object,
                     {"--targets", "--jobs", "--model-mutant", "--stop-at-first-finding",
                      "--keep-going", "--fuzzers", "--journal-sync", "--merge", "--minimise",
                      "--journal", "--inputs", "--list", "--list-mutants", "--measure"});
  add_target_options(*fuzz, options->target, command_line);
  fuzz->footer(fuzz_footer());
  return {fuzz, [options] {
            return options->target.is_guest() ? fuzz_in_guests(*options) : run_fuzz(*options);
          }};
}

}  // namespace sklab
