// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/report_error.h"
#include "harness/record/page/page.h"

namespace sklab {
namespace {

std::filesystem::path output_of(const ReportOptions &options) {
  if (!options.output.empty()) return options.output;
  const std::filesystem::path first = options.results.front();
  std::error_code ignored;
  const auto folder = std::filesystem::is_directory(first, ignored) ? first : first.parent_path();
  return folder / "report.html";
}

Result<PageContent> read_content(const ReportOptions &options) {
  PageContent content;
  for (const std::string &result : options.results) SKLAB_CHECK(add_result(result, content));
  if (!options.history.empty()) SKLAB_CHECK(add_history(options.history, content));
  return content;
}

}  // namespace

ExitCode run_report(const ReportOptions &options) {
  const auto content = read_content(options);
  if (!content) return report_error(content.error());
  const auto output = output_of(options);
  auto written = write_file_atomically(output, page_html(*content));
  if (!written) {
    written.error().hint = "--output names another file";
    return report_error(written.error());
  }
  fmt::print("{}\n", output.string());
  return ExitCode::kOk;
}

Command add_report(CLI::App &app, const std::string & /*command_line*/) {
  const auto options = std::make_shared<ReportOptions>();
  options->results = {std::string(kRunsFolder) + "/latest"};
  CLI::App *report =
      app.add_subcommand("report", "Make one HTML page of results, to read in any browser");
  report
      ->add_option("RESULT", options->results, "Folders of runs or campaigns, or their JSON files")
      ->capture_default_str();
  report->add_option("--output", options->output,
                     "File to write (default: report.html in the first result's folder)");
  report->add_option("--history", options->history,
                     "Folder of runs: shows how each row went over time, and where it changed");
  report->footer(
      "The page needs no network and nothing beside it.\n\n"
      "Examples:\n"
      "  sklab report\n"
      "  sklab report --history results/runs\n"
      "  sklab report results/runs/latest campaign --output report.html\n\n" +
      std::string(kExitCodes));
  return {report, [options] { return run_report(*options); }};
}

}  // namespace sklab
