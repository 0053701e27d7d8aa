// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What becomes of a gate: one function a format, and the file of a run's folder that each fills.
#pragma once

#include <span>
#include <string>

#include "harness/record/gate_record.h"

namespace sklab {

// For terminals and commit messages: plain ASCII, at most 100 columns.
std::string gate_table(const GateRecord &record);

// For a pull request, or the summary of a step of GitHub Actions: first what needs attention, then
// all other rows, folded away.
std::string gate_markdown(const GateRecord &record);

// Workflow commands of GitHub Actions: an error for every row that failed or regressed, a warning
// for one that is inconclusive, a notice for an improvement. GitHub shows the first ten of each.
std::string gate_github_annotations(const GateRecord &record);

// GitLab's code quality report: what failed, regressed or is inconclusive. A gate does not know
// which file is to blame, so the row's name stands for a path.
std::string gate_gitlab_code_quality(const GateRecord &record);

// JUnit's XML, a test a row. One that failed or regressed is a failure; one that is inconclusive is
// skipped, since the format has no word for it.
std::string gate_junit_xml(const GateRecord &record);

// KTAP, version 1, by the same rules.
std::string gate_ktap(const GateRecord &record);

// A side as Google Benchmark writes it, each process a repetition, so that its compare.py can make
// its own test of the two. Rows without a number are left out, as a time of 0 would spoil the mean
// over all rows; counts are counters of their rows.
std::string gate_google_benchmark_of_base(const GateRecord &record);
std::string gate_google_benchmark_of_candidate(const GateRecord &record);

// What services that follow benchmarks over time read: the candidate's numbers.
// Bencher Metric Format.
std::string gate_bencher_json(const GateRecord &record);
// github-action-benchmark, tool customSmallerIsBetter.
std::string gate_github_action_benchmark_json(const GateRecord &record);

// For the cover letter of a patch series: plain ASCII, at most 72 columns but for a command that is
// longer, with what a reader needs to judge and to repeat it.
std::string gate_cover_letter(const GateRecord &record);

struct GateFile {
  const char *name;
  std::string (*render)(const GateRecord &record);
};

// All that is in the folder of a run.
std::span<const GateFile> gate_files();

}  // namespace sklab
