// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/trends.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/record/fingerprint_facts.h"
#include "harness/record/page/steps.h"

namespace sklab {
namespace {

std::vector<std::string> names_of_changes(const RunRecord &before, const RunRecord &after) {
  std::vector<std::string> names;
  for (const FactChange &change :
       changed_facts(fingerprint_facts(before.fingerprint), fingerprint_facts(after.fingerprint))) {
    names.push_back(change.fact);
  }
  return names;
}

// Rows in the order in which the latest run that has them shows them: the table's.
std::vector<TrendRow> rows_of(const std::vector<RunRecord> &runs) {
  std::vector<TrendRow> rows;
  std::map<std::string, size_t> index;
  std::for_each(runs.rbegin(), runs.rend(), [&](const RunRecord &run) {
    for (const RowRecord &row : run.rows) {
      if (!index.emplace(row.name, rows.size()).second) continue;
      rows.push_back({row.name, row.title, {}, {}});
    }
  });
  for (size_t i = 0; i < runs.size(); ++i) {
    for (const RowRecord &row : runs[i].rows) {
      // A figure that is not above zero has no ratio to another.
      if (row.status != RowStatus::kOk || !(row.latency_ns.value > 0)) continue;
      if (!std::isfinite(row.latency_ns.value)) continue;
      rows[index[row.name]].points.push_back({i, row.latency_ns});
    }
  }
  std::erase_if(rows, [](const TrendRow &row) { return row.points.size() < 2; });
  return rows;
}

void add_steps(TrendRow &row, const std::vector<RunRecord> &runs) {
  std::vector<double> figures;
  for (const TrendPoint &point : row.points) figures.push_back(point.latency_ns.value);
  for (const HistoryStep &step : find_steps(figures)) {
    const uint64_t run = row.points[step.at].run;
    const uint64_t previous = row.points[step.at - 1].run;
    row.steps.push_back(
        {run, step.before, step.after, names_of_changes(runs[previous], runs[run])});
  }
}

}  // namespace

Trends trends_of(std::vector<RunRecord> runs) {
  std::stable_sort(runs.begin(), runs.end(), [](const RunRecord &a, const RunRecord &b) {
    return a.started_utc < b.started_utc;
  });
  Trends trends{.runs = {}, .rows = rows_of(runs)};
  for (const RunRecord &run : runs) {
    trends.runs.push_back({run.run_id, run.started_utc, run.fingerprint.kernel_release,
                           run.fingerprint.sklab_version, run.fingerprint.cpu_model});
  }
  for (TrendRow &row : trends.rows) add_steps(row, runs);
  return trends;
}

}  // namespace sklab
