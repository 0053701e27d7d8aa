// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab coverage`: which lines of the kernel fuzzing has reached.
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "fuzz/coverage/coverage_report.h"
#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/report_error.h"
#include "harness/cli/target.h"
#include "harness/cli/target_kernel.h"

namespace sklab {
namespace {

struct CoverageOptions {
  std::string target;
  std::string folder = "campaign";
  std::string html;
  std::vector<std::string> blocks;  // files
  std::optional<double> at_least;
};

Result<CoverageReport> report_of(const CoverageOptions &options) {
  SKLAB_TRY(const std::string name, target_name(options.target));
  SKLAB_TRY(const GuestKernel kernel, target_kernel(name));
  const auto path = kernel_blocks_path(options.folder, kernel.name);
  KernelBlocks blocks;
  for (const std::string &file : options.blocks) {
    SKLAB_TRY(KernelBlocks more, read_kernel_blocks(file));
    SKLAB_CHECK(merge_kernel_blocks(blocks, more, file));
  }
  if (!std::filesystem::exists(path)) {
    if (!options.blocks.empty()) return make_coverage_report(kernel, blocks);
    return fail_as(ErrorKind::kUsage, "find what has run in", options.folder, 0,
                   fmt::format("`sklab fuzz --target {} --folder {}` records it, of a kernel with "
                               "KCOV",
                               options.target, options.folder));
  }
  SKLAB_TRY(const KernelBlocks fuzzed, read_kernel_blocks(path));
  SKLAB_CHECK(merge_kernel_blocks(blocks, fuzzed, path));
  return make_coverage_report(kernel, blocks);
}

ExitCode run_coverage(const CoverageOptions &options) {
  const auto report = report_of(options);
  if (!report) return report_error(report.error());
  const std::filesystem::path html =
      options.html.empty()
          ? kernel_blocks_path(options.folder, report->kernel).replace_extension(".html")
          : std::filesystem::path(options.html);
  const auto written = write_file_atomically(html, coverage_html(*report));
  if (!written) return report_error(written.error());
  fmt::print("{}\nwith the source: {}\n", coverage_text(*report), html.string());
  const bool enough = !options.at_least || report->hook_share() * 100 >= *options.at_least;
  return enough ? ExitCode::kOk : ExitCode::kFinding;
}

}  // namespace

Command add_coverage(CLI::App &app, const std::string & /*command_line*/) {
  const auto options = std::make_shared<CoverageOptions>();
  CLI::App *coverage =
      app.add_subcommand("coverage", "Show which lines of a kernel's hook fuzzing has reached");
  coverage->add_option("--target", options->target, "The kernel that was fuzzed: guest:KERNEL")
      ->type_name("TARGET")
      ->required();
  coverage->add_option("--folder", options->folder, "Folder of the campaign")
      ->type_name("FOLDER")
      ->capture_default_str();
  coverage
      ->add_option("--html", options->html,
                   "Page with the source (default: in the campaign's folder)")
      ->type_name("FILE");
  coverage
      ->add_option(
          "--blocks", options->blocks,
          "Of `sklab conform --coverage` of the same kernel: kernel_blocks.json of its run")
      ->type_name("FILE");
  coverage
      ->add_option("--at-least", options->at_least,
                   "Exit 1 if less than so many percent of the hook's own lines have run")
      ->check(CLI::Range(0, 100));
  coverage->footer(
      "A guest's kernel has to be built with KCOV, which says what ran.\n\n"
      "Examples:\n"
      "  sklab kernel build --source linux-source-6.12 --kasan --kcov --preempt --name kasan\n"
      "  sklab fuzz --target guest:kasan --time 10m --jobs 2\n"
      "  sklab coverage --target guest:kasan\n"
      "  sklab conform --coverage --target guest:kasan\n"
      "  sklab coverage --target guest:kasan --blocks results/runs/latest/kernel_blocks.json\n\n" +
      std::string(kExitCodes));
  return {coverage, [options] { return run_coverage(*options); }};
}

}  // namespace sklab
