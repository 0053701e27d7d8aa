// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/flood/flood_summary.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/record/row_name.h"

namespace sklab {
namespace {

constexpr std::string_view kFloodTable = "_flood";
constexpr std::string_view kProbeTable = "_flood_probe";
constexpr char kBase[] = "key_off";
constexpr double kSure = 0.999;

using Samples = std::vector<double>;

// Of 5.8-rc7, 18 August 2020, in the message 87lficrm2v.fsf@cloudflare.com: four queues on four
// CPUs; "vanilla" is what percent is of.
struct PublishedRow {
  const char *family;
  PublishedFlood figures;
};
constexpr std::array kPublished = {
    PublishedRow{"tcp4", {889798, 868885, -3.4}}, PublishedRow{"tcp6", {832667, 820505, -0.3}},
    PublishedRow{"udp4", {2486932, 2340425, -5.9}}, PublishedRow{"udp6", {2522286, 2418737, -3.5}}};

// The rows of a family, by their names within it.
class FamilyRows {
 public:
  FamilyRows(const RunRecord &run, std::string family) : run_(run), family_(std::move(family)) {}

  [[nodiscard]] const RowRecord *flood(std::string_view name) const {
    return find(family_ + std::string(kFloodTable), name);
  }
  [[nodiscard]] const RowRecord *probe(std::string_view name) const {
    return find(family_ + std::string(kProbeTable), name);
  }
  [[nodiscard]] bool was_flooded(std::string_view name) const {
    const RowRecord *row = find_any(family_ + std::string(kFloodTable), name);
    return row != nullptr && row->status != RowStatus::kSkipped;
  }

 private:
  [[nodiscard]] const RowRecord *find_any(const std::string &table, std::string_view name) const {
    const std::string whole = table + "/" + std::string(name);
    const auto found = std::find_if(run_.rows.begin(), run_.rows.end(),
                                    [&](const RowRecord &row) { return row.name == whole; });
    return found == run_.rows.end() ? nullptr : &*found;
  }
  // Without a number it is as if it were not there.
  [[nodiscard]] const RowRecord *find(const std::string &table, std::string_view name) const {
    const RowRecord *row = find_any(table, name);
    return row == nullptr || row->status != RowStatus::kOk ? nullptr : row;
  }

  const RunRecord &run_;
  std::string family_;
};

// From one step of a packet's way to the next.
struct FloodStep {
  const char *name;
  std::string_view from;  // "" for none
  std::string_view to;
};
constexpr char kUntouched[] = "untouched";
constexpr std::array kUdpSteps = {FloodStep{"frame", "", kUntouched},
                                  FloodStep{"made", kUntouched, "not_received"},
                                  FloodStep{"up to the lookup", "not_received", "before_lookup"},
                                  FloodStep{"lookup and socket", "before_lookup", kBase}};
constexpr std::array kTcpSteps = {FloodStep{"frame", "", kUntouched},
                                  FloodStep{"made", kUntouched, "not_received"},
                                  FloodStep{"up to the lookup", "not_received", "before_lookup"},
                                  FloodStep{"lookup", "before_lookup", "after_lookup"},
                                  FloodStep{"socket and answer", "after_lookup", kBase}};

// Packets that are not received as they are: what they take is no change to be judged.
bool is_step(std::string_view name) {
  return std::any_of(kTcpSteps.begin(), kTcpSteps.end(),
                     [&](const FloodStep &step) { return step.from == name; });
}

template <typename Combine>
Samples pairwise(const Samples &a, const Samples &b, Combine combine) {
  Samples combined(std::min(a.size(), b.size()));
  for (size_t i = 0; i < combined.size(); ++i) combined[i] = combine(a[i], b[i]);
  return combined;
}

Samples less(const Samples &a, const Samples &b) {
  return pairwise(a, b, [](double x, double y) { return x - y; });
}

Samples percent_more(const Samples &a, const Samples &b) {
  return pairwise(a, b, [](double x, double y) { return 100 * (x / y - 1); });
}

Estimate per_second(const Estimate &ns) { return {1e9 / ns.value, 1e9 / ns.high, 1e9 / ns.low}; }

FloodDelta delta_of(const RowRecord &row, const RowRecord &base) {
  const Samples percent = percent_more(row.samples_ns, base.samples_ns);
  return {median_estimate(less(row.samples_ns, base.samples_ns)), median_estimate(percent),
          flood_verdict(percent)};
}

std::optional<FloodByProbe> by_probe(const FamilyRows &rows, const RowRecord &row,
                                     const RowRecord &base) {
  const RowRecord *probe = rows.probe(within_section(row.name));
  const RowRecord *probe_base = rows.probe(kBase);
  if (probe == nullptr || probe_base == nullptr) return std::nullopt;
  const Samples lookup = less(probe->samples_ns, probe_base->samples_ns);
  const Samples packet = less(row.samples_ns, base.samples_ns);
  return FloodByProbe{median_estimate(lookup), median_estimate(less(packet, lookup))};
}

std::optional<double> counter_of(const RowRecord &row, const char *name) {
  const auto found = row.counters.find(name);
  return found == row.counters.end() ? std::nullopt : std::optional(found->second);
}

FloodRow summarise_row(const RowRecord &row, const FamilyRows &rows) {
  FloodRow summary;
  summary.name = within_section(row.name);
  summary.title = row.title;
  summary.status = row.status;
  summary.reason = row.reason;
  if (row.status != RowStatus::kOk) return summary;
  summary.packet_ns = row.latency_ns;
  summary.packets_per_second = per_second(row.latency_ns);
  summary.packet_cycles = counter_of(row, "packet_cycles");
  summary.packet_instructions = counter_of(row, "packet_instructions");
  const RowRecord *base = rows.flood(kBase);
  if (base == nullptr || base == &row || is_step(summary.name)) return summary;
  summary.delta = delta_of(row, *base);
  summary.probe = by_probe(rows, row, *base);
  return summary;
}

template <size_t count>
std::vector<FloodShare> shares_of(const FamilyRows &rows,
                                  const std::array<FloodStep, count> &steps) {
  std::vector<FloodShare> shares;
  const RowRecord *whole = rows.flood(kBase);
  if (whole == nullptr) return shares;
  const auto add = [&](const char *name, const Estimate &ns) {
    shares.push_back({name, ns, 100 * ns.value / whole->latency_ns.value});
  };
  // Only live frames have it; others are made from nothing.
  const bool has_frame = rows.was_flooded(kUntouched);
  for (const FloodStep &step : steps) {
    const RowRecord *to = rows.flood(step.to);
    const RowRecord *from = rows.flood(step.from);
    const bool is_first = step.from.empty() || (step.from == kUntouched && !has_frame);
    if (to == nullptr || (from == nullptr && !is_first)) continue;
    add(step.name,
        from == nullptr ? to->latency_ns : median_estimate(less(to->samples_ns, from->samples_ns)));
  }
  if (const RowRecord *probe = rows.probe(kBase)) add("lookup, by probe", probe->latency_ns);
  return shares;
}

std::optional<PublishedFlood> published_of(const std::string &family) {
  for (const PublishedRow &row : kPublished) {
    if (row.family == family) return row.figures;
  }
  return std::nullopt;
}

FloodFamily summarise_family(const RunRecord &run, const std::string &name) {
  const FamilyRows rows(run, name);
  const bool tcp = name.starts_with("tcp");
  FloodFamily family{name, tcp ? "TCP SYN" : "UDP without data", {}, {}, published_of(name)};
  for (const RowRecord &row : run.rows) {
    if (section_of(row.name) != name + std::string(kFloodTable)) continue;
    family.rows.push_back(summarise_row(row, rows));
  }
  family.shares = tcp ? shares_of(rows, kTcpSteps) : shares_of(rows, kUdpSteps);
  return family;
}

}  // namespace

std::string flood_verdict(const std::vector<double> &percent) {
  const Estimate sure = median_estimate(percent, kSure);
  if (sure.low > 0 && sure.value >= kFloodEffectPercent) return "slower";
  if (sure.high < 0 && sure.value <= -kFloodEffectPercent) return "faster";
  const bool small = sure.low > -2 * kFloodEffectPercent && sure.high < 2 * kFloodEffectPercent;
  return small ? "same" : "unclear";
}

FloodRecord summarise_flood(const RunRecord &run, const std::string &generator) {
  FloodRecord record;
  record.run_id = run.run_id;
  record.started_utc = run.started_utc;
  record.duration_s = run.duration_s;
  record.mode = run.mode;
  record.command_line = run.command_line;
  record.seed = run.seed;
  record.generator = generator;
  record.complete = !run.interrupted;
  record.fingerprint = run.fingerprint;
  record.warnings = run.warnings;
  record.self_checks = run.self_checks;
  for (const RowRecord &row : run.rows) {
    const std::string table = section_of(row.name);
    if (!table.ends_with(kFloodTable)) continue;
    const std::string name = table.substr(0, table.size() - kFloodTable.size());
    if (record.families.empty() || record.families.back().name != name) {
      record.families.push_back(summarise_family(run, name));
    }
  }
  return record;
}

}  // namespace sklab
