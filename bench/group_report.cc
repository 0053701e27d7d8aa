// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/group_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "bench/group_lanes.h"
#include "harness/kernel/kernel_memory.h"

namespace sklab {
namespace {

double median(const std::vector<double> &samples) { return distribution_of(samples).p50; }

double overhead_of(const std::vector<Lane> &lanes, const Lane &lane) {
  const auto empty = empty_loop_of(lanes, lane);
  return empty ? median(lanes[*empty].samples_ns) : 0;
}

std::vector<double> without_overhead(const Lane &lane, double overhead_ns) {
  std::vector<double> samples = lane.samples_ns;
  for (double &sample : samples) sample -= overhead_ns;
  return samples;
}

const Lane *find_lane(const std::vector<Lane> &lanes, const std::string &name) {
  const auto found = std::find_if(lanes.begin(), lanes.end(),
                                  [&](const Lane &lane) { return lane.spec.name == name; });
  return found == lanes.end() ? nullptr : &*found;
}

// None when the reference failed its check: a difference to nothing is no number.
std::optional<RowDifference> difference_of(const std::vector<Lane> &lanes,
                                           const std::string &reference_name,
                                           const std::vector<double> &samples_ns) {
  const Lane *reference = find_lane(lanes, reference_name);
  if (reference == nullptr || !reference->failure.empty()) return std::nullopt;
  const auto reference_ns = without_overhead(*reference, overhead_of(lanes, *reference));
  return RowDifference{reference->spec.name, paired_difference(samples_ns, reference_ns)};
}

void add_second_difference(const std::vector<Lane> &lanes, const Lane &lane, RowRecord &record) {
  const std::string &name = lane.spec.second_reference;
  const auto difference = difference_of(lanes, name, record.samples_ns);
  if (!difference) return;
  record.counters[fmt::format("beyond_{}_ns", name.substr(name.find('/') + 1))] =
      difference->latency_ns.value;
}

void add_population_counters(const Lane &lane, const PopulatedNetns &netns, RowRecord &record) {
  double memory_bytes = netns.socket_memory_bytes;
  for (const Program &program : lane.programs) {
    const auto bytes = program_memory_bytes(program.fd());
    if (bytes) memory_bytes += static_cast<double>(*bytes);
  }
  record.counters["sockets"] = static_cast<double>(netns.population.sockets.size());
  record.counters["setup_ms"] = netns.setup_ms;
  record.counters["kernel_memory_bytes"] = memory_bytes;
}

void add_processor_counters(const Lane &lane, RowRecord &record) {
  if (lane.counted_packets == 0) return;
  const auto per_packet = [&](uint64_t count) {
    return static_cast<double>(count) / static_cast<double>(lane.counted_packets);
  };
  record.counters["packet_cycles"] = per_packet(lane.processor_counts.cycles);
  record.counters["packet_instructions"] = per_packet(lane.processor_counts.instructions);
}

RowRecord describe_row(const Lane &lane, const PopulatedNetns &netns, unsigned all_cpus) {
  RowRecord record;
  record.name = lane.spec.name;
  record.path = path_name(lane.spec.path);
  record.title = lane.spec.title;
  record.definition = definition_of(lane, netns.population);
  record.cpus = lane.spec.cpus == Cpus::kOne ? 1 : all_cpus;
  record.selected_socket = lane.selected_socket;
  record.verified_lookups = lane.verified_lookups;
  record.program_runs = lane.program_runs;
  return record;
}

RowRecord report_row(const GroupSpec &group, const std::vector<Lane> &lanes, const Lane &lane,
                     const PopulatedNetns &netns, unsigned all_cpus) {
  RowRecord record = describe_row(lane, netns, all_cpus);
  if (!lane.failure.empty()) {
    record.status = RowStatus::kFailed;
    record.reason = lane.failure;
    return record;
  }
  record.overhead_ns = overhead_of(lanes, lane);
  record.samples_ns = without_overhead(lane, record.overhead_ns);
  record.lookups_per_batch = lane.lookups;
  record.batches = lane.samples_ns.size();
  record.latency_ns = median_estimate(record.samples_ns);
  record.batch_latency_ns = distribution_of(record.samples_ns);
  record.difference = difference_of(lanes, lane.spec.reference, record.samples_ns);
  add_second_difference(lanes, lane, record);
  add_processor_counters(lane, record);
  if (group.reports_population) add_population_counters(lane, netns, record);
  return record;
}

}  // namespace

std::vector<RowRecord> report_rows(const GroupSpec &group, const std::vector<Lane> &lanes,
                                   const PopulatedNetns &netns, unsigned all_cpus) {
  std::vector<RowRecord> rows;
  for (const Lane &lane : lanes) {
    if (lane.is_empty_loop) continue;
    // A self-check row that fails its own check is a failed row like any other.
    if (lane.spec.role == Role::kRow || !lane.failure.empty()) {
      rows.push_back(report_row(group, lanes, lane, netns, all_cpus));
    }
  }
  return rows;
}

}  // namespace sklab
