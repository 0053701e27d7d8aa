// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/summary.h"

#include <fmt/format.h>

#include <array>

#include "harness/base/file.h"

namespace sklab {
namespace {

constexpr std::array<const char *, 5> kEndTexts = {"its time was over", "it was interrupted",
                                                   "something was found", "no target could run",
                                                   "it could not go on"};

std::string plural(uint64_t count, const char *singular, const char *several) {
  return fmt::format("{} {}", count, count == 1 ? singular : several);
}

// One sentence a line, the same in text and Markdown.
std::vector<std::string> facts(const CampaignRecord &record) {
  std::vector<std::string> lines;
  const auto end = static_cast<size_t>(record.end);
  lines.push_back(fmt::format("Run {} in {}, {:.0f} s: {}{}{}.", record.run, record.folder,
                              record.duration_s, kEndTexts[end], record.failure.empty() ? "" : ": ",
                              record.failure));
  if (record.continues_killed_run) {
    lines.emplace_back("The run before was killed; this one goes on with all it had.");
  }
  lines.push_back(fmt::format("Rules: {}. Seed {}, {}.", record.rules, record.seed,
                              plural(record.jobs, "job", "jobs")));
  lines.push_back(fmt::format("Kernel {}, sklab {}.", record.kernel_release, record.sklab_version));
  if (record.corrupt_inputs > 0) {
    lines.push_back(
        fmt::format("{} moved to corpus/skipped.",
                    plural(record.corrupt_inputs, "corrupt input was", "corrupt inputs were")));
  }
  if (record.other_version_inputs > 0) {
    lines.push_back(fmt::format(
        "{} skipped.", plural(record.other_version_inputs, "input of another version or target was",
                              "inputs of other versions or targets were")));
  }
  for (const std::string &note : record.notes) lines.push_back(note);
  return lines;
}

std::string findings_line(const CampaignRecord &record) {
  const uint64_t fresh = new_findings(record);
  return fmt::format("{}, {} in the folder, met again {}.",
                     plural(fresh, "new finding", "new findings"), record.findings.size(),
                     plural(total(record).known_findings, "time", "times"));
}

std::string state_of(const TargetRecord &target) {
  if (!target.skipped.empty()) return "SKIP " + target.skipped;
  if (!target.failed.empty()) return "FAILED " + target.failed;
  return target.run.executions > 0 ? "" : "it did not get its turn";
}

}  // namespace

std::string summary_text(const CampaignRecord &record) {
  std::string text;
  for (const std::string &line : facts(record)) text += line + "\n";
  text += fmt::format("\n{:<22} {:>7} {:>12} {:>9} {:>14} {:>10} {:>7} {:>6}\n", "target",
                      "seconds", "runs", "a second", "checked", "a second", "corpus", "cov");
  for (const TargetRecord &target : record.targets) {
    const TargetFigures &run = target.run;
    text += fmt::format(
        "{:<22} {:>7.0f} {:>12} {:>9.0f} {:>14} {:>10.0f} {:>7} {:>6}\n", target.name, run.seconds,
        run.executions, per_second(run.executions, run.seconds), run.checked,
        per_second(run.checked, run.seconds), target.corpus_inputs, target.coverage);
    if (target.all.executions > run.executions) {
      text += fmt::format("{:<22} {:>7.0f} {:>12} {:>9} {:>14}\n", "  all runs", target.all.seconds,
                          target.all.executions, "", target.all.checked);
    }
    const std::string state = state_of(target);
    if (!state.empty()) text += "  " + state + "\n";
  }
  text += "\n" + findings_line(record) + "\n";
  for (const FindingRecord &finding : record.findings) {
    text += fmt::format("  {:<5} {}\n        {}/findings/{}\n", finding.is_new ? "new" : "known",
                        finding.signature, record.folder, finding.name);
  }
  return text;
}

std::string summary_markdown(const CampaignRecord &record) {
  std::string text = "# Fuzz campaign\n\n";
  for (const std::string &line : facts(record)) text += "- " + line + "\n";
  text +=
      "\n| target | seconds | runs | runs/s | checked | checked/s | corpus | coverage | |\n"
      "|---|---:|---:|---:|---:|---:|---:|---:|---|\n";
  for (const TargetRecord &target : record.targets) {
    const TargetFigures &run = target.run;
    text += fmt::format("| {} | {:.0f} | {} | {:.0f} | {} | {:.0f} | {} | {} | {} |\n", target.name,
                        run.seconds, run.executions, per_second(run.executions, run.seconds),
                        run.checked, per_second(run.checked, run.seconds), target.corpus_inputs,
                        target.coverage, state_of(target));
  }
  text += "\n" + findings_line(record) + "\n";
  if (!record.findings.empty()) text += "\n| | target | finding | folder |\n|---|---|---|---|\n";
  for (const FindingRecord &finding : record.findings) {
    text += fmt::format("| {} | {} | {} | `findings/{}` |\n", finding.is_new ? "new" : "known",
                        finding.target, finding.signature, finding.name);
  }
  return text;
}

Result<> write_summaries(const CampaignRecord &record, const std::filesystem::path &folder) {
  SKLAB_CHECK(write_file_atomically(folder / "summary.txt", summary_text(record)));
  SKLAB_CHECK(write_file_atomically(folder / "summary.md", summary_markdown(record)));
  return write_file_atomically(folder / "summary.json", summary_json(record));
}

}  // namespace sklab
