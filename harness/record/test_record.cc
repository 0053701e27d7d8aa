// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/test_record.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sklab {
namespace {

RowRecord measured_row(std::string name, double latency_ns) {
  RowRecord row;
  row.name = std::move(name);
  row.path = "probe";
  row.title = "a row | of the example";
  row.definition = "scenario 1\ndialect pass_drop\n";
  row.lookups_per_batch = 1000;
  row.batches = 20;
  row.overhead_ns = 10.5;
  for (int i = 0; i < 20; ++i) row.samples_ns.push_back(latency_ns + 0.1 * (i - 10));
  row.latency_ns = {latency_ns, latency_ns - 0.25, latency_ns + 0.25};
  row.batch_latency_ns = distribution_of(row.samples_ns);
  row.selected_socket = "server";
  row.verified_lookups = 512;
  return row;
}

// A process each: some percent of noise, always the same and with no digits to spare.
std::vector<double> noisy_processes(double median_ns, double noise_factor) {
  constexpr std::array kNoise = {-0.4, 0.1, 0.9, -0.1, 0.3, -0.7, 0.0, 0.5, -0.2, 1.6, -0.9, 0.2};
  std::vector<double> processes;
  processes.reserve(kNoise.size());
  for (const double noise : kNoise)
    processes.push_back(std::round(100 * (median_ns + noise_factor * noise)) / 100);
  return processes;
}

GateRow example_gate_row(const std::string &name, Verdict verdict, const std::string &reason,
                         const std::string &text) {
  GateRow row;
  row.name = name;
  row.title = "an example" + text;
  row.path = "probe";
  row.quantity = "latency_ns";
  row.verdict = verdict;
  row.reason = reason + text;
  row.threshold = 0.02;
  row.absolute_floor = 0.5;
  return row;
}

GateRow latency_row(GateRow row, double base_ns, const Estimate &change, double p_value) {
  const double noise_factor = 100 * (change.high - change.low);
  row.base_samples = noisy_processes(base_ns, noise_factor);
  row.candidate_samples = noisy_processes(base_ns * (1 + change.value), noise_factor);
  row.base = median_estimate(row.base_samples);
  row.candidate = median_estimate(row.candidate_samples);
  row.change = change;
  row.confidence = 0.9975;
  row.p_value = p_value;
  row.p_adjusted = std::min(1.0, 4 * p_value);
  row.noise_floor = 0.004;
  row.samples = row.base_samples.size();
  return row;
}

GateRow program_size_row(GateRow row, const std::string &quantity, double base, double candidate) {
  row.quantity = quantity;
  row.threshold = row.absolute_floor = 0;
  row.samples = 12;
  row.confidence = 1;
  row.p_value = row.p_adjusted = 0;
  row.base = {base, base, base};
  row.candidate = {candidate, candidate, candidate};
  const double change = base > 0 ? candidate / base - 1 : 0;
  row.change = {change, change, change};
  return row;
}

std::vector<GateRow> example_gate_rows(const std::string &text) {
  const auto row = [&](const char *name, Verdict verdict, const char *reason) {
    return example_gate_row(name, verdict, reason, text);
  };
  std::vector<GateRow> rows = {
      row("udp4/drop", Verdict::kFailed, "find the right socket: 1 of 2 lookups found another"),
      latency_row(row("udp4/pass", Verdict::kRegression, "slower by more than 2.00 %"), 130,
                  {0.048, 0.042, 0.054}, 0.0005),
      latency_row(row("udp4/assign_sockmap", Verdict::kInconclusive,
                      "the interval is on both sides of 2.00 %"),
                  172, {0.008, -0.022, 0.038}, 0.8),
      latency_row(row("udp4/connected", Verdict::kImprovement, "faster by more than 2.00 %"), 65,
                  {-0.032, -0.038, -0.026}, 0.0005),
      latency_row(row("udp4/key_off", Verdict::kNoChange, "within 2.00 %"), 77.5,
                  {0.0006, -0.0054, 0.0066}, 1),
      row("udp4_cpus/key_off_same", Verdict::kSkipped, "needs at least two CPUs"),
      program_size_row(row("udp4/pass", Verdict::kRegression, "+1 exactly"), "program_instructions",
                       22, 23),
      program_size_row(row("udp4/pass", Verdict::kNoChange, "equal"), "program_bytes", 112, 112),
      program_size_row(
          row("udp4/drop", Verdict::kInconclusive, "one of the sides does not have it"),
          "program_bytes", 0, 0)};
  rows[2].further_samples = 18;
  return rows;
}

}  // namespace

Fingerprint example_fingerprint(const std::string &kernel_release, const std::string &text) {
  Fingerprint fingerprint;
  fingerprint.kernel_release = kernel_release;
  fingerprint.kernel_version = "#1 SMP PREEMPT_DYNAMIC";
  fingerprint.kernel_btf_sha256 = std::string(64, 'b');
  fingerprint.kernel_command_line = "console=ttyS0 root=/dev/vda1" + text;
  fingerprint.architecture = "x86_64";
  fingerprint.cpu_model = "Example CPU";
  fingerprint.cpus_online = 2;
  fingerprint.hypervisor = "KVMKVMKVM";
  fingerprint.memory_total_bytes = 16'000'000'000;
  fingerprint.sklab_version = "0123456789ab";
  fingerprint.bpf_knobs = {{"bpf_jit_enable", "1"}};
  fingerprint.mitigations = {{"spectre_v2", "Mitigation: Retpolines"}};
  return fingerprint;
}

RunRecord example_record() {
  RunRecord record;
  record.run_id = "20261123T175500Z-abc123";
  record.started_utc = "2026-11-23T17:55:00Z";
  record.duration_s = 84.2;
  record.mode = "default";
  record.command_line = "sklab bench";
  record.seed = 18446744073709551615ULL;
  record.fingerprint = example_fingerprint("6.18.0");
  record.warnings = {"noisy machine: 4 % lost"};
  record.self_checks = {{"a_a_control", "udp4/key_off", true, {0.02, -0.16, 0.22}, "ns", "near 0"},
                        {"residual_overhead", "udp4/key_off", false, {3, 2, 4}, "ns", "below 2"}};

  record.rows.push_back(measured_row("udp4/key_off", 77.5));
  record.rows.push_back(measured_row("udp4/pass", 130.25));
  record.rows.back().difference = RowDifference{"udp4/key_off", {52.75, 52.5, 53.0}};
  record.rows.back().program_runs = {512};
  record.rows.push_back(measured_row("udp4_program_alone/pass", 32.5));
  record.rows.back().path = "test_run";
  record.rows.back().overhead_ns = 0;
  record.rows.push_back(measured_row("udp4_range/bound", 67017.6));
  record.rows.back().counters = {
      {"sockets", 65538}, {"setup_ms", 343.9}, {"kernel_memory_bytes", 180094280}};
  RowRecord failed;
  failed.name = "udp4/drop";
  failed.path = "probe";
  failed.status = RowStatus::kFailed;
  failed.reason = "find the right socket: 1 of 2 lookups found another";
  record.rows.push_back(failed);
  RowRecord skipped = failed;
  skipped.name = "udp4_cpus/key_off_same";
  skipped.status = RowStatus::kSkipped;
  skipped.reason = "needs at least two CPUs";
  record.rows.push_back(skipped);
  return record;
}

GateRecord example_gate(const std::string &text) {
  GateRecord record;
  record.run_id = "20261123T181500Z-def456";
  record.started_utc = "2026-11-23T18:15:00Z";
  record.duration_s = 512.7;
  record.kind = "side_by_side";
  record.mode = "default";
  record.command_line = "sklab gate" + text;
  record.seed = 7;
  record.base = {"base", "before/sklab" + text, example_fingerprint("6.18.0", text)};
  record.candidate = {"candidate", "after/sklab" + text, example_fingerprint("6.18.0", text)};
  record.candidate.fingerprint.sklab_version = "ba9876543210";
  record.verdict = Verdict::kFailed;
  record.warnings = {"noisy machine: 4 % lost" + text};
  record.rows = example_gate_rows(text);
  return record;
}

}  // namespace sklab
