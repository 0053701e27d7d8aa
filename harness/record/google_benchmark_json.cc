// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/google_benchmark_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <vector>

namespace sklab {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kRepetitions = 10;

// Medians of consecutive pieces of about equal length.
std::vector<double> repetitions_of(const std::vector<double> &samples) {
  const size_t count = std::min(kRepetitions, samples.size());
  std::vector<double> medians;
  for (size_t i = 0; i < count; ++i) {
    const auto first = samples.begin() + static_cast<ptrdiff_t>(i * samples.size() / count);
    const auto last = samples.begin() + static_cast<ptrdiff_t>((i + 1) * samples.size() / count);
    medians.push_back(distribution_of(std::vector<double>(first, last)).p50);
  }
  return medians;
}

Json entry(const RowRecord &row, const std::string &name, size_t repetitions) {
  return {{"name", name},          {"family_index", 0},       {"per_family_instance_index", 0},
          {"run_name", row.name},  {"run_type", "iteration"}, {"repetitions", repetitions},
          {"repetition_index", 0}, {"threads", row.cpus}};
}

void add_times(const RowRecord &row, uint64_t iterations, double time_ns, Json &json) {
  json["iterations"] = iterations;
  json["real_time"] = time_ns;
  json["cpu_time"] = time_ns;
  json["time_unit"] = "ns";
  for (const auto &[name, value] : row.counters) json[name] = value;
}

void add_aggregate(const RowRecord &row, size_t repetitions, const char *aggregate, double time_ns,
                   Json &out) {
  Json json = entry(row, row.name + "_" + aggregate, repetitions);
  json["run_type"] = "aggregate";
  json.erase("repetition_index");
  json["aggregate_name"] = aggregate;
  json["aggregate_unit"] = "time";
  add_times(row, repetitions, time_ns, json);
  out.push_back(std::move(json));
}

void add_aggregates(const RowRecord &row, const std::vector<double> &times_ns, Json &out) {
  const auto count = static_cast<double>(times_ns.size());
  const double mean = std::accumulate(times_ns.begin(), times_ns.end(), 0.0) / count;
  double squares = 0;
  for (const double time_ns : times_ns) squares += (time_ns - mean) * (time_ns - mean);
  const double deviation = times_ns.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
  add_aggregate(row, times_ns.size(), "mean", mean, out);
  add_aggregate(row, times_ns.size(), "median", distribution_of(times_ns).p50, out);
  add_aggregate(row, times_ns.size(), "stddev", deviation, out);
}

void add_row(const RowRecord &row, size_t family, Json &out) {
  const size_t first = out.size();
  if (row.status != RowStatus::kOk) {
    Json json = entry(row, row.name, 1);
    json["error_occurred"] = true;
    json["error_message"] =
        row.status == RowStatus::kSkipped ? "SKIPPED: " + row.reason : row.reason;
    // As Google Benchmark does: compare.py reads the times of rows that failed, too.
    json["iterations"] = 0;
    json["real_time"] = 0.0;
    json["cpu_time"] = 0.0;
    json["time_unit"] = "ns";
    out.push_back(std::move(json));
  } else {
    const auto times_ns = repetitions_of(row.samples_ns);
    const uint64_t iterations =
        row.lookups_per_batch * row.batches / std::max<uint64_t>(times_ns.size(), 1);
    for (size_t i = 0; i < times_ns.size(); ++i) {
      Json json = entry(row, row.name, times_ns.size());
      json["repetition_index"] = i;
      add_times(row, iterations, times_ns[i], json);
      out.push_back(std::move(json));
    }
    if (!times_ns.empty()) add_aggregates(row, times_ns, out);
  }
  for (size_t i = first; i < out.size(); ++i) out[i]["family_index"] = family;
}

Json context_of(const RunRecord &record) {
  const Fingerprint &fingerprint = record.fingerprint;
  return {{"date", record.started_utc},
          {"host_name", ""},
          {"executable", "sklab bench"},
          {"num_cpus", fingerprint.cpus_online},
          {"mhz_per_cpu", 0},
          {"cpu_scaling_enabled",
           !fingerprint.cpu_governor.empty() && fingerprint.cpu_governor != "performance"},
          {"caches", Json::array()},
          {"load_avg", Json::array()},
          {"library_build_type", "release"},
          {"sklab_version", fingerprint.sklab_version},
          {"kernel_release", fingerprint.kernel_release},
          {"cpu_model", fingerprint.cpu_model},
          {"run_id", record.run_id}};
}

}  // namespace

std::string google_benchmark_json(const RunRecord &record) {
  Json benchmarks = Json::array();
  for (size_t i = 0; i < record.rows.size(); ++i) add_row(record.rows[i], i, benchmarks);
  const Json document = {{"context", context_of(record)}, {"benchmarks", std::move(benchmarks)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sklab
