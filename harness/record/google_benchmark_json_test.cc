// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/google_benchmark_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/record/test_record.h"

namespace sklab {
namespace {

using nlohmann::json;

std::vector<json> entries_of(const std::string &run_name) {
  const json document = json::parse(google_benchmark_json(example_record()));
  std::vector<json> found;
  for (const json &entry : document["benchmarks"]) {
    if (entry["run_name"] == run_name) found.push_back(entry);
  }
  return found;
}

TEST(GoogleBenchmarkJson, TenRepetitionsAndThreeAggregates) {
  const auto entries = entries_of("udp4/key_off");
  ASSERT_EQ(entries.size(), 13U);
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_EQ(entries[i]["run_type"], "iteration");
    EXPECT_EQ(entries[i]["repetition_index"], i);
    EXPECT_EQ(entries[i]["iterations"], 2000);
    EXPECT_EQ(entries[i]["time_unit"], "ns");
    // Pairs of neighbours of 76.5, 76.6, ...
    EXPECT_NEAR(entries[i]["real_time"].get<double>(), 76.55 + 0.2 * static_cast<double>(i), 1e-9);
  }
  EXPECT_EQ(entries[10]["aggregate_name"], "mean");
  EXPECT_NEAR(entries[10]["real_time"].get<double>(), 77.45, 1e-9);
  EXPECT_NEAR(entries[11]["real_time"].get<double>(), 77.45, 1e-9);
  EXPECT_NEAR(entries[12]["real_time"].get<double>(), 0.6055300708194983, 1e-9);
}

// compare.py of 1.7.1 reads these of every entry, and dies of a KeyError without them.
TEST(GoogleBenchmarkJson, EveryEntryHasWhatCompareReads) {
  const json document = json::parse(google_benchmark_json(example_record()));
  for (const json &entry : document["benchmarks"]) {
    for (const char *name : {"name", "run_type", "real_time", "cpu_time", "time_unit"}) {
      EXPECT_TRUE(entry.contains(name)) << name << " of " << entry;
    }
  }
}

TEST(GoogleBenchmarkJson, TextThatIsNotUtf8IsWritten) {
  RunRecord record = example_record();
  record.rows[4].reason = "\xff";
  EXPECT_TRUE(json::accept(google_benchmark_json(record)));
}

TEST(GoogleBenchmarkJson, OnlyAGovernorThatScalesIsScaling) {
  RunRecord record = example_record();
  for (const auto &[governor, scaling] :
       {std::pair("", false), std::pair("performance", false), std::pair("powersave", true)}) {
    record.fingerprint.cpu_governor = governor;
    const json document = json::parse(google_benchmark_json(record));
    EXPECT_EQ(document["context"]["cpu_scaling_enabled"], scaling) << governor;
  }
}

TEST(GoogleBenchmarkJson, FailedRowsSaySo) {
  const auto entries = entries_of("udp4/drop");
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0]["error_occurred"], true);
  EXPECT_EQ(entries[0].value("real_time", -1.0), 0);
  EXPECT_EQ(entries_of("udp4_cpus/key_off_same")[0]["error_message"],
            "SKIPPED: needs at least two CPUs");
}

TEST(GoogleBenchmarkJson, CountersAreFields) {
  EXPECT_EQ(entries_of("udp4_range/bound")[0]["sockets"], 65538);
}

TEST(GoogleBenchmarkJson, ContextHasWhatReadersLookFor) {
  const json context = json::parse(google_benchmark_json(example_record()))["context"];
  for (const char *name : {"date", "host_name", "executable", "num_cpus", "mhz_per_cpu",
                           "cpu_scaling_enabled", "caches", "load_avg", "library_build_type"}) {
    EXPECT_TRUE(context.contains(name)) << name;
  }
}

}  // namespace
}  // namespace sklab
