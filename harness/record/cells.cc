// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/record/row_name.h"

namespace sklab {
namespace {

// As many decimals as tell something: tens of thousands of ns need none.
int decimals_of(double magnitude_ns) {
  const double magnitude = std::abs(magnitude_ns);
  return magnitude < 10 ? 2 : magnitude < 1000 ? 1 : 0;
}

std::string difference_text(const RowRecord &row) {
  if (!row.difference) return "";
  const RowDifference &difference = *row.difference;
  const Estimate &ns = difference.latency_ns;
  const int decimals = decimals_of(ns.value);
  return fmt::format("{:+.{}f} +-{:.{}f} vs {}", ns.value, decimals, half_width(ns), decimals,
                     name_beside(difference.reference, row.name));
}

std::string counter_text(const std::string &name, double value) {
  if (name == "sockets") return fmt::format("{:.0f} sockets", value);
  if (name == "setup_ms") return fmt::format("set up in {:.1f} ms", value);
  if (name == "kernel_memory_bytes") {
    return value < 1e6 ? fmt::format("{:.1f} kB of kernel memory", value / 1e3)
                       : fmt::format("{:.1f} MB of kernel memory", value / 1e6);
  }
  constexpr std::string_view kBeyond = "beyond_";
  constexpr std::string_view kUnit = "_ns";
  if (name.starts_with(kBeyond) && name.ends_with(kUnit)) {
    const auto other = name.substr(kBeyond.size(), name.size() - kBeyond.size() - kUnit.size());
    return fmt::format("{:+.{}f} ns vs {}", value, decimals_of(value), other);
  }
  return fmt::format("{} {:.6g}", name, value);
}

}  // namespace

std::vector<Section> sections_of(const RunRecord &record) {
  std::vector<Section> sections;
  for (const RowRecord &row : record.rows) {
    const std::string title = section_of(row.name);
    auto found = std::find_if(sections.begin(), sections.end(),
                              [&](const Section &section) { return section.title == title; });
    if (found == sections.end()) {
      found = sections.insert(found, Section{title, row.path == "test_run", {}});
    }
    found->rows.push_back(&row);
  }
  std::stable_partition(sections.begin(), sections.end(),
                        [](const Section &section) { return !section.program_alone; });
  return sections;
}

Cells cells_of(const RowRecord &row) {
  Cells cells;
  cells.name = within_section(row.name);
  if (row.status != RowStatus::kOk) {
    cells.latency = row.status == RowStatus::kFailed ? "FAILED" : "skipped";
    return cells;
  }
  const int decimals = std::min(decimals_of(row.latency_ns.value), 1);
  const auto number = [decimals](double ns) { return fmt::format("{:.{}f}", ns, decimals); };
  cells.latency = number(row.latency_ns.value);
  cells.half_width = number(half_width(row.latency_ns));
  cells.p1 = number(row.batch_latency_ns.p1);
  cells.p99 = number(row.batch_latency_ns.p99);
  cells.difference = difference_text(row);
  return cells;
}

std::string counters_text(const RowRecord &row) {
  std::string text;
  for (const auto &[name, value] : row.counters) {
    text += (text.empty() ? "" : ", ") + counter_text(name, value);
  }
  return text;
}

std::string self_check_text(const SelfCheck &check) {
  return fmt::format("{} {} of {}: {:.3f} [{:.3f}, {:.3f}] {}; expected: {}",
                     check.passed ? "PASS" : "FAIL", check.name, check.row, check.value.value,
                     check.value.low, check.value.high, check.unit, check.expectation);
}

std::string machine_text(const Fingerprint &fingerprint) {
  const std::string hypervisor =
      fingerprint.hypervisor.empty() ? "" : "; under " + fingerprint.hypervisor;
  return fmt::format("kernel {}; {}; {} CPUs{}", fingerprint.kernel_release, fingerprint.cpu_model,
                     fingerprint.cpus_online, hypervisor);
}

std::string run_text(const RunRecord &record) {
  return fmt::format("{} run of {:.0f} s, seed {}, sklab {}", record.mode, record.duration_s,
                     record.seed, record.fingerprint.sklab_version);
}

std::string overhead_text(const RunRecord &record) {
  double low = 0;
  double high = 0;
  for (const RowRecord &row : record.rows) {
    // A single evicted lookup pays for the clock reads too, which a batch does not.
    if (row.status != RowStatus::kOk || row.overhead_ns == 0 || row.lookups_per_batch == 1)
      continue;
    low = low == 0 ? row.overhead_ns : std::min(low, row.overhead_ns);
    high = std::max(high, row.overhead_ns);
  }
  return fmt::format("taken off: the empty loop's {:.1f} to {:.1f} ns, measured in the same rounds",
                     low, high);
}

std::string repeatable_command(const std::string &command_line, uint64_t seed) {
  const bool has_seed = command_line.find("--seed") != std::string::npos;
  return has_seed ? command_line : fmt::format("{} --seed {}", command_line, seed);
}

}  // namespace sklab
