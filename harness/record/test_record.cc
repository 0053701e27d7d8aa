// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/test_record.h"

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

Fingerprint example_fingerprint() {
  Fingerprint fingerprint;
  fingerprint.kernel_release = "6.18.0";
  fingerprint.cpu_model = "Example CPU";
  fingerprint.cpus_online = 2;
  fingerprint.hypervisor = "KVMKVMKVM";
  fingerprint.sklab_version = "0123456789ab";
  fingerprint.bpf_knobs = {{"bpf_jit_enable", "1"}};
  fingerprint.mitigations = {{"spectre_v2", "Mitigation: Retpolines"}};
  return fingerprint;
}

}  // namespace

RunRecord example_record() {
  RunRecord record;
  record.run_id = "20261123T175500Z-abc123";
  record.started_utc = "2026-11-23T17:55:00Z";
  record.duration_s = 84.2;
  record.mode = "default";
  record.command_line = "sklab bench";
  record.seed = 18446744073709551615ULL;
  record.fingerprint = example_fingerprint();
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

GateRecord example_gate_record() {
  GateRecord record;
  record.run_id = "20261123T181500Z-def456";
  record.started_utc = "2026-11-23T18:15:00Z";
  record.duration_s = 512.7;
  record.kind = "side_by_side";
  record.mode = "default";
  record.command_line = "sklab gate";
  record.seed = 7;
  record.base = {"base", "kernel 6.18.0", example_fingerprint()};
  record.candidate = {"candidate", "kernel 6.18.1", example_fingerprint()};
  record.verdict = Verdict::kFailed;
  record.warnings = {"noisy machine: 4 % lost"};
  for (size_t i = 0; i < kVerdictNames.size(); ++i) {
    GateRow row;
    row.name = "udp4/" + std::string(kVerdictNames[i]);
    row.path = "probe";
    row.quantity = "latency_ns";
    row.verdict = static_cast<Verdict>(i);
    row.base = {100, 99, 101};
    row.candidate = {104, 103, 105};
    row.change = {0.04, 0.03, 0.05};
    row.confidence = 0.95;
    row.threshold = 0.01;
    row.samples = 2;
    row.base_samples = {99, 101};
    row.candidate_samples = {103, 105};
    if (row.verdict == Verdict::kInconclusive) row.further_samples = 18;
    record.rows.push_back(row);
  }
  return record;
}

}  // namespace sklab
