// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/baseline/example_baseline.h"

namespace sklab {

BaselineRecord example_baseline() {
  BaselineRecord record;
  record.name = "ci";
  record.recorded_utc = "2026-11-25T09:00:00Z";
  record.duration_s = 42;
  record.mode = "quick";
  record.command_line = "sklab baseline record ci --quick";
  record.seed = 9;
  record.batch_ns = 3e5;
  record.cpu = 1;
  record.cpus_allowed = 2;
  record.fingerprint.kernel_release = "6.18.0";
  record.fingerprint.cpu_model = "Example CPU";
  record.fingerprint.cpus_online = 2;
  record.fingerprint.bpf_knobs = {{"bpf_jit_enable", "1"}};
  record.fingerprint.mitigations = {{"spectre_v2", "Mitigation: Retpolines"}};
  record.fingerprint.sklab_version = "0123456789ab";
  BaselineRow pass;
  pass.name = "udp4/pass";
  pass.title = "one program that passes";
  pass.path = "probe";
  pass.definition = "scenario 1\n";
  pass.counts = {{"program_bytes", 61}, {"program_instructions", 2}};
  pass.first = {{48, 49.5, 50, 51, 52}, {3, 3.1, 3, 3, 3.2}};
  pass.second = {{50.5, 48.5, 52.5, 53, 51.5}, {3, 3, 3.1, 3, 3}};
  BaselineRow alone = pass;
  alone.name = "udp4_program_alone/pass";
  alone.path = "test_run";
  alone.first.empty_loop_ns.clear();
  alone.second.empty_loop_ns.clear();
  record.rows = {pass, alone};
  return record;
}

}  // namespace sklab
