// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/baseline/baseline_table.h"

#include <fmt/format.h>

#include "harness/base/wrap.h"
#include "harness/measure/estimate.h"
#include "harness/record/baseline/baseline_noise.h"
#include "harness/record/fingerprint_facts.h"

namespace sklab {
namespace {

std::string row_line(const BaselineRow &row) {
  std::vector<double> all = row.first.latency_ns;
  all.insert(all.end(), row.second.latency_ns.begin(), row.second.latency_ns.end());
  const Estimate latency = median_estimate(std::move(all));
  std::string line = fmt::format("{:<44} {:>10.2f} [{:.2f}, {:.2f}]", row.name, latency.value,
                                 latency.low, latency.high);
  line = fmt::format("{:<81} {:>8.2f} %", line, recordings_noise(row) * 100);
  return line.size() > kTextColumns ? line.substr(0, kTextColumns) + "\n" : line + "\n";
}

}  // namespace

std::string baseline_table(const BaselineRecord &record) {
  std::string text =
      wrap(fmt::format("baseline {}: recorded {} in {:.0f} s, {}{}; sklab {}; kernel {}",
                       record.name, record.recorded_utc, record.duration_s, record.mode,
                       record.rows.empty() ? ""
                                           : fmt::format(", {} and {} processes a row",
                                                         record.rows[0].first.latency_ns.size(),
                                                         record.rows[0].second.latency_ns.size()),
                       record.fingerprint.sklab_version, record.fingerprint.kernel_release),
           0, 2);
  text +=
      fmt::format("\n{:<44} {:>10} {:<25} {:>10}\n", "row", "ns/lookup", "95 % interval", "noise");
  for (const BaselineRow &row : record.rows) text += row_line(row);
  text +=
      "\nnoise: the two recordings differ by at most that, with 95 % confidence; no gate calls "
      "less "
      "a change\n\nmust be the same where a gate runs (names for --allow-mismatch)\n";
  for (const auto &[fact, value] : fingerprint_facts(record.fingerprint)) {
    if (!may_differ(fact)) text += wrap(fmt::format("{}: {}", fact, value), 2, 4);
  }
  text += fmt::format("  cpu: {}\n  cpus_allowed: {}\n", record.cpu, record.cpus_allowed);
  return text;
}

std::string baseline_list(const std::vector<ListedBaseline> &baselines) {
  std::string text = fmt::format("{:<40} {:<20} {:>5}\n", "baseline", "recorded", "rows");
  for (const ListedBaseline &one : baselines) {
    text += fmt::format("{:<40} {:<20} {:>5}  {}\n", one.file, one.recorded_utc, one.rows,
                        one.trouble.empty() ? "can be used here" : "no use here");
    if (!one.trouble.empty()) text += wrap(one.trouble, 4, 6);
  }
  return text;
}

}  // namespace sklab
