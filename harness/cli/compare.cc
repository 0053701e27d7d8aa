// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab compare`: the same rows and the same cases on several kernels.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>

#include "harness/base/utc_time.h"
#include "harness/cli/command.h"
#include "harness/cli/compare_kernels.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/record/compare/compare_json.h"
#include "harness/record/compare/compare_table.h"
#include "harness/record/run_folder.h"

namespace sklab {
namespace {

struct CompareCommandOptions {
  CompareOptions compare;
  std::string clock = "instructions";
  std::string output = kRunsFolder;
  bool json = false;
  bool markdown = false;
};

Result<CompareRecord> compare_all(const CompareCommandOptions &options, std::string run_id) {
  CompareOptions compare = options.compare;
  Progress progress(stderr, "compare", 1);
  compare.progress = [&](double share, const std::string &what) { progress.update(share, what); };
  if (options.clock == "wall") compare.clock = CompareClock::kWall;
  if (compare.why && compare.clock == CompareClock::kWall) {
    return fail_as(ErrorKind::kUsage, "say why times differ", "--why", 0,
                   "it is for --clock instructions");
  }
  const auto start = std::chrono::steady_clock::now();
  auto record = compare_kernels(compare);
  progress.finish();
  if (!record) return record;
  record->run_id = std::move(run_id);
  record->duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

Result<std::filesystem::path> save_comparison(RunFolder &folder, const CompareRecord &record) {
  SKLAB_CHECK(folder.add("compare.json", compare_json(record)));
  SKLAB_CHECK(folder.add("table.txt", compare_table(record)));
  SKLAB_CHECK(folder.add("table.md", compare_markdown(record)));
  return folder.publish();
}

// A comparison is no verdict; what a kernel does wrong is.
ExitCode code_of(const CompareRecord &record) {
  for (const ComparedKernel &kernel : record.kernels) {
    if (!kernel.trouble.empty()) return ExitCode::kFinding;
  }
  for (const ComparedRow &row : record.rows) {
    for (const ComparedCell &cell : row.cells) {
      if (cell.status == RowStatus::kFailed) return ExitCode::kFinding;
    }
  }
  return ExitCode::kOk;
}

ExitCode run_compare(const CompareCommandOptions &options) {
  const std::string run_id = new_run_id(std::time(nullptr));
  auto folder = RunFolder::create(options.output, run_id);
  if (!folder) return report_error(folder.error());
  watch_interrupts();
  const auto record = compare_all(options, run_id);
  if (interrupted()) {
    fmt::print(stderr, "sklab compare: interrupted, nothing was saved\n");
    return ExitCode::kInterrupted;
  }
  if (!record) return report_error(record.error());
  const auto saved = save_comparison(*folder, *record);
  fmt::print("{}", options.json       ? compare_json(*record)
                   : options.markdown ? compare_markdown(*record)
                                      : compare_table(*record));
  std::fflush(stdout);  // before what follows on stderr
  if (!saved) return report_error(saved.error());
  fmt::print(stderr, "results: {}\n", saved->string());
  return code_of(*record);
}

}  // namespace

Command add_compare(CLI::App &app, const std::string &command_line) {
  const auto options = std::make_shared<CompareCommandOptions>();
  options->compare.command_line = command_line;
  CompareOptions &compare = options->compare;
  CLI::App *command = app.add_subcommand(
      "compare", "Count what lookups take on several kernels, and compare their answers");
  command
      ->add_option("--kernel", compare.kernels,
                   "A kernel, and what to call it; the first is the base. KERNEL is of `sklab "
                   "kernel\nlist`, or a bzImage")
      ->type_name("[NAME=]KERNEL")
      ->required();
  command->add_option("--filter", compare.filter,
                      "Regular expression searched for in row names (`sklab bench --list`)");
  command->add_flag("--quick", compare.quick, "The main rows, and a sample of the cases");
  command->add_flag("--rows-only", compare.rows_only, "Do not compare answers");
  command
      ->add_option("--clock", options->clock,
                   "instructions, which are exact; or wall: times, with KVM where it works")
      ->check(CLI::IsMember({"instructions", "wall"}))
      ->capture_default_str();
  command->add_option("--boots", compare.boots, "Of each kernel, for --clock wall")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_flag("--why", compare.why, "Also say which functions of the kernel changed");
  command->add_option("--seed", compare.seed, "Seed of random packets and scenarios")
      ->capture_default_str();
  command->add_option("--guest-seed", compare.guest_seed, "Of all that is random in the guests")
      ->capture_default_str();
  command->add_option("--jobs", compare.jobs, "Guests at once (default: one a CPU)")
      ->check(CLI::Range(1, 256));
  command->add_option("--output", options->output, "Folder that gets one folder a run")
      ->type_name("FOLDER")
      ->capture_default_str();
  CLI::Option *json = command->add_flag("--json", options->json, "Print compare.json");
  command->add_flag("--markdown", options->markdown, "Print Markdown")->excludes(json);
  command->footer(
      "Each kernel is booted in an emulator whose clock counts instructions: counts are exact, "
      "the\n"
      "same on any machine, whatever else it does. They say nothing of caches and of time. With\n"
      "--clock wall the kernels are booted in turns, and each boot is a sample.\n\n"
      "Examples:\n"
      "  sklab compare --kernel old=6.1 --kernel new=6.12 --quick\n"
      "  sklab compare --kernel base=arch/x86/boot/bzImage.old --kernel "
      "patched=arch/x86/boot/bzImage\n"
      "  sklab compare --kernel base=6.12 --kernel patched=bzImage --rows-only --why\n"
      "  sklab compare --kernel a=6.12 --kernel b=7.3 --filter '^tcp4/' --json\n"
      "  sklab compare --kernel a=6.12 --kernel b=7.3 --filter '^udp4/' --clock wall "
      "--rows-only\n\n" +
      std::string(kExitCodes));
  return {command, [options] { return run_compare(*options); }};
}

}  // namespace sklab
