// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The fields of result.json, once for writing and reading: the name in the file, and the member.
// What they mean is in results/README.md, their types in results/schema/.
#pragma once

#include <concepts>
#include <type_traits>

#include "harness/record/run_record.h"

namespace sklab {

template <typename Record, typename Of>
concept RecordOf = std::same_as<std::remove_const_t<Record>, Of>;

template <RecordOf<Estimate> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("value", record.value);
  visit("low", record.low);
  visit("high", record.high);
}

template <RecordOf<Distribution> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("min", record.min);
  visit("p1", record.p1);
  visit("p5", record.p5);
  visit("p25", record.p25);
  visit("p50", record.p50);
  visit("p75", record.p75);
  visit("p95", record.p95);
  visit("p99", record.p99);
  visit("max", record.max);
}

template <RecordOf<RowDifference> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("reference", record.reference);
  visit("latency_ns", record.latency_ns);
}

template <RecordOf<RowRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("path", record.path);
  visit("title", record.title);
  visit("definition", record.definition);
  visit("status", record.status);
  visit("reason", record.reason);
  visit("lookups_per_batch", record.lookups_per_batch);
  visit("batches", record.batches);
  visit("cpus", record.cpus);
  visit("latency_ns", record.latency_ns);
  visit("batch_latency_ns", record.batch_latency_ns);
  visit("overhead_ns", record.overhead_ns);
  visit("difference", record.difference);
  visit("selected_socket", record.selected_socket);
  visit("verified_lookups", record.verified_lookups);
  visit("program_runs", record.program_runs);
  visit("counters", record.counters);
  visit("samples_ns", record.samples_ns);
}

template <RecordOf<SelfCheck> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("row", record.row);
  visit("passed", record.passed);
  visit("value", record.value);
  visit("unit", record.unit);
  visit("expectation", record.expectation);
}

template <RecordOf<Fingerprint> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("kernel_release", record.kernel_release);
  visit("kernel_version", record.kernel_version);
  visit("kernel_config_sha256", record.kernel_config_sha256);
  visit("kernel_btf_sha256", record.kernel_btf_sha256);
  visit("kernel_command_line", record.kernel_command_line);
  visit("architecture", record.architecture);
  visit("cpu_model", record.cpu_model);
  visit("cpus_online", record.cpus_online);
  visit("hypervisor", record.hypervisor);
  visit("microcode", record.microcode);
  visit("clocksource", record.clocksource);
  visit("cpu_governor", record.cpu_governor);
  visit("preemption", record.preemption);
  visit("memory_total_bytes", record.memory_total_bytes);
  visit("bpf_knobs", record.bpf_knobs);
  visit("mitigations", record.mitigations);
  visit("distribution", record.distribution);
  visit("compiler", record.compiler);
  visit("bpf_compiler", record.bpf_compiler);
  visit("libbpf_version", record.libbpf_version);
  visit("google_benchmark_version", record.google_benchmark_version);
  visit("sklab_version", record.sklab_version);
}

template <RecordOf<RunRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run_id", record.run_id);
  visit("started_utc", record.started_utc);
  visit("duration_s", record.duration_s);
  visit("mode", record.mode);
  visit("command_line", record.command_line);
  visit("seed", record.seed);
  visit("fingerprint", record.fingerprint);
  visit("warnings", record.warnings);
  visit("self_checks", record.self_checks);
  visit("rows", record.rows);
}

}  // namespace sklab
