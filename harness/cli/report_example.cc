// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/report_example.h"

#include <fmt/format.h>

#include <cmath>
#include <random>

#include "harness/record/test_record.h"

namespace sklab {
namespace {

// Of one row: a skewed crowd, and now and then a batch that was interrupted.
std::vector<double> samples_around(double median_ns, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> skewed(0, 0.6);
  std::vector<double> samples;
  for (int i = 0; i < 120; ++i) {
    const bool interrupted = random() % 60 == 0;
    samples.push_back(median_ns * (0.98 + 0.02 * skewed(random) + (interrupted ? 0.3 : 0)));
  }
  return samples;
}

RowRecord sampled_row(const std::string &name, double median_ns, const std::string &text) {
  RowRecord row;
  row.name = name;
  row.path = name.find("_program_alone/") == std::string::npos ? "probe" : "test_run";
  row.title = "an example" + text;
  row.definition = "scenario 1\ndialect pass_drop\nprogram pass\n" + text;
  row.lookups_per_batch = 24000;
  row.overhead_ns = row.path == "probe" ? 2.9 : 0;
  row.samples_ns = samples_around(median_ns, std::hash<std::string>{}(name));
  row.batches = row.samples_ns.size();
  row.latency_ns = median_estimate(row.samples_ns);
  row.batch_latency_ns = distribution_of(row.samples_ns);
  row.selected_socket = "server" + text;
  row.verified_lookups = 512;
  row.program_runs = {512};
  return row;
}

void add_row(RunRecord &record, const std::string &name, double median_ns, const std::string &text,
             const std::string &reference = "") {
  record.rows.push_back(sampled_row(name, median_ns, text));
  if (reference.empty()) return;
  const double difference = median_ns / 3;
  record.rows.back().difference =
      RowDifference{reference, {difference, difference - 0.3, difference + 0.4}};
}

void add_family(RunRecord &record, const std::string &family, double base_ns,
                const std::string &text) {
  add_row(record, family + "/key_off", base_ns, text);
  add_row(record, family + "/key_on_foreign", base_ns * 1.4, text, family + "/key_off");
  add_row(record, family + "/pass", base_ns * 1.7, text, family + "/key_off");
  add_row(record, family + "/drop", base_ns * 1.55, text, family + "/key_off");
  add_row(record, family + "/assign_sockmap", base_ns * 2.2, text, family + "/key_off");
  add_row(record, family + "/connected", base_ns * 0.83, text, family + "/key_off");
}

void add_scaling(RunRecord &record, const std::string &family, double base_ns,
                 const std::string &text) {
  add_row(record, family + "_programs/none", base_ns, text);
  for (const int count : {1, 2, 4, 8, 16, 32, 64}) {
    add_row(record, fmt::format("{}_programs/{}", family, count), base_ns * 1.5 + 20.0 * count,
            text, family + "_programs/none");
  }
  for (const int count : {1, 10, 100, 1000, 10000}) {
    const auto name = [&](const char *where) {
      return fmt::format("{}_sockets/{}_{}", family, where, count);
    };
    add_row(record, name("spread"), base_ns + std::log10(count), text);
    add_row(record, name("spread") + "_assign_sockmap", base_ns * 2.1, text);
    add_row(record, name("collide"), base_ns + 2.0 * count, text);
  }
  record.rows.back().counters = {
      {"sockets", 10002}, {"setup_ms", 343.9}, {"kernel_memory_bytes", 180094280}};
}

void add_rows_without_number(RunRecord &record, const std::string &text) {
  RowRecord failed;
  failed.name = "udp4_range/bound";
  failed.path = "probe";
  failed.title = "65536 bound sockets";
  failed.status = RowStatus::kFailed;
  failed.reason = "find the right socket: 1 of 2 lookups found another" + text;
  record.rows.push_back(failed);
  RowRecord skipped = failed;
  skipped.name = "udp4_cpus/key_off_same";
  skipped.status = RowStatus::kSkipped;
  skipped.reason = "needs at least two CPUs" + text;
  record.rows.push_back(skipped);
}

std::string day(unsigned number) { return fmt::format("2026-11-{:02}T03:00:00Z", number); }

CaseRecord example_case(std::string name, CaseStatus status, std::string reason) {
  CaseRecord one;
  one.name = std::move(name);
  one.status = status;
  one.reason = std::move(reason);
  one.outcomes = 1200;
  one.mismatches = status == CaseStatus::kFail ? 3 : status == CaseStatus::kExpectedFail ? 2 : 0;
  return one;
}

}  // namespace

RunRecord example_run(const std::string &text) {
  RunRecord record;
  record.run_id = "20261123T175500Z-abc123";
  record.started_utc = "2026-11-23T17:55:00Z";
  record.duration_s = 84.2;
  record.mode = "default";
  record.command_line = "sklab bench" + text;
  record.seed = 18446744073709551615ULL;
  record.fingerprint = example_fingerprint("6.18.0", text);
  record.warnings = {"noisy machine: 4 % lost" + text};
  record.self_checks = {{"a_a_control", "udp4/key_off", true, {0.02, -0.16, 0.22}, "ns", "near 0"},
                        {"residual_overhead", "udp4/key_off", false, {3, 2, 4}, "ns", "below 2"}};
  for (const auto &[family, base_ns] :
       {std::pair("udp4", 78.0), std::pair("udp6", 91.0), std::pair("tcp4", 84.0)}) {
    add_family(record, family, base_ns, text);
  }
  for (const auto &[family, base_ns] : {std::pair("udp4", 78.0), std::pair("tcp4", 84.0)}) {
    add_scaling(record, family, base_ns, text);
  }
  add_row(record, "udp4_program_alone/pass", 14, text);
  add_rows_without_number(record, text);
  return record;
}

ConformRecord example_conform(const std::string &text) {
  ConformRecord record;
  record.run_id = "20261123T183000Z-0789ab";
  record.started_utc = "2026-11-23T18:30:00Z";
  record.depth = "default";
  record.seed = 11;
  record.command_line = "sklab conform" + text;
  record.duration_s = 4.1;
  record.fingerprint = example_fingerprint("6.18.0", text);
  record.groups = {{"sequences", "programs in every order" + text, 1.5, {}},
                   {"context_values", "what a program reads from its context", 0.4, {}}};
  record.groups[0].cases = {
      example_case("three programs", CaseStatus::kPass, ""),
      example_case("four programs", CaseStatus::kFail, "another socket than the rules say" + text)};
  record.groups[1].cases = {
      example_case("narrow load", CaseStatus::kExpectedFail, "changed in 6.2" + text),
      example_case("cookie", CaseStatus::kSkip, "the helper is not there")};
  return record;
}

CampaignRecord example_campaign(const std::string &text) {
  CampaignRecord record;
  record.started_utc = "2026-11-23T19:00:00Z";
  record.sklab_version = "0123456789ab";
  record.kernel_release = "6.18.0";
  record.folder = "campaign" + text;
  record.rules = "kernel";
  record.run = 25;
  record.continues_killed_run = true;
  record.seed = 7;
  record.jobs = 2;
  record.duration_s = 600;
  record.targets.resize(3);
  record.targets[0].name = "semantics_fuzzer";
  record.targets[0].run = {300, 450000, 115200000, 30'000'000'000, 2};
  record.targets[0].all = {900, 1350000, 345600000, 90'000'000'000, 5};
  record.targets[0].corpus_inputs = 3449;
  record.targets[0].coverage = 542;
  record.targets[0].features = 8000;
  record.targets[1].name = "packet_fuzzer";
  record.targets[1].skipped = "packet_fuzzer: cannot leave the netns; run as root" + text;
  record.targets[2].name = "program_fuzzer";
  record.targets[2].failed = "exit code 70: cannot open" + text;
  record.findings = {{"semantics_fuzzer-1", "semantics_fuzzer", "a socket" + text, true},
                     {"semantics_fuzzer-2", "semantics_fuzzer", "none instead of a socket", false}};
  record.corrupt_inputs = 1;
  record.notes = {"a note" + text};
  return record;
}

RunRecord example_run_of_history(unsigned number) {
  RunRecord record = example_run("");
  record.run_id = fmt::format("202611{:02}T030000Z-{:06}", number, number);
  record.started_utc = day(number);
  record.fingerprint.kernel_release = number < 12 ? "6.18.0" : "6.18.1";
  std::mt19937_64 random(number);
  std::normal_distribution<double> drift(0, 0.006);
  for (RowRecord &row : record.rows) {
    double factor = 1 + drift(random);
    if (row.name == "udp4/pass" && number >= 12) factor *= 1.1;
    if (row.name == "tcp4/pass" && number >= 17) factor *= 0.95;
    for (double *ns : {&row.latency_ns.value, &row.latency_ns.low, &row.latency_ns.high}) {
      *ns *= factor;
    }
    row.samples_ns = {};
  }
  return record;
}

CampaignRecord example_campaign_of_history(unsigned number) {
  CampaignRecord record = example_campaign("");
  record.started_utc = day(number);
  record.run = number;
  record.targets[0].features = 8000 - 4000 / number;
  record.targets[0].corpus_inputs = 3449 - 2000 / number;
  return record;
}

}  // namespace sklab
