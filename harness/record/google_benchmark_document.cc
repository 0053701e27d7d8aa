// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/google_benchmark_document.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "harness/measure/estimate.h"

namespace sklab {
namespace {

using Json = nlohmann::ordered_json;

Json entry(const GoogleBenchmarkRow &row, size_t family, const std::string &name) {
  return {{"name", name},          {"family_index", family},  {"per_family_instance_index", 0},
          {"run_name", row.name},  {"run_type", "iteration"}, {"repetitions", row.times_ns.size()},
          {"repetition_index", 0}, {"threads", row.threads}};
}

void add_times(uint64_t iterations, double time_ns, Json &json) {
  json["iterations"] = iterations;
  json["real_time"] = time_ns;
  json["cpu_time"] = time_ns;
  json["time_unit"] = "ns";
}

void add_counters(const GoogleBenchmarkRow &row, Json &json) {
  for (const auto &[name, value] : row.counters) json[name] = value;
}

void add_aggregate(const GoogleBenchmarkRow &row, size_t family, const char *aggregate,
                   double time_ns, Json &out) {
  Json json = entry(row, family, row.name + "_" + aggregate);
  json["run_type"] = "aggregate";
  json.erase("repetition_index");
  json["aggregate_name"] = aggregate;
  json["aggregate_unit"] = "time";
  add_times(row.times_ns.size(), time_ns, json);
  add_counters(row, json);
  out.push_back(std::move(json));
}

void add_aggregates(const GoogleBenchmarkRow &row, size_t family, Json &out) {
  const std::vector<double> &times_ns = row.times_ns;
  const auto count = static_cast<double>(times_ns.size());
  const double mean = std::accumulate(times_ns.begin(), times_ns.end(), 0.0) / count;
  double squares = 0;
  for (const double time_ns : times_ns) squares += (time_ns - mean) * (time_ns - mean);
  const double deviation = times_ns.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
  add_aggregate(row, family, "mean", mean, out);
  add_aggregate(row, family, "median", distribution_of(times_ns).p50, out);
  add_aggregate(row, family, "stddev", deviation, out);
}

void add_error(const GoogleBenchmarkRow &row, size_t family, Json &out) {
  Json json = entry(row, family, row.name);
  json["repetitions"] = 1;
  json["error_occurred"] = true;
  json["error_message"] = *row.error;
  // As Google Benchmark does: compare.py reads the times of rows that failed, too.
  add_times(0, 0.0, json);
  out.push_back(std::move(json));
}

void add_row(const GoogleBenchmarkRow &row, size_t family, Json &out) {
  if (row.error) {
    add_error(row, family, out);
    return;
  }
  for (size_t i = 0; i < row.times_ns.size(); ++i) {
    Json json = entry(row, family, row.name);
    json["repetition_index"] = i;
    add_times(row.iterations, row.times_ns[i], json);
    add_counters(row, json);
    out.push_back(std::move(json));
  }
  if (!row.times_ns.empty()) add_aggregates(row, family, out);
}

Json context_of(const GoogleBenchmarkRun &run) {
  const Fingerprint &fingerprint = run.fingerprint;
  return {{"date", run.started_utc},
          {"host_name", ""},
          {"executable", run.executable},
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
          {"run_id", run.run_id}};
}

}  // namespace

std::string google_benchmark_document(const GoogleBenchmarkRun &run) {
  Json benchmarks = Json::array();
  for (size_t i = 0; i < run.rows.size(); ++i) add_row(run.rows[i], i, benchmarks);
  const Json document = {{"context", context_of(run)}, {"benchmarks", std::move(benchmarks)}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sklab
