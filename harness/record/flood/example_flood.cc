// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/flood/example_flood.h"

#include "harness/record/test_record.h"

namespace sklab {
namespace {

constexpr int kRounds = 100;

// All rounds are slower or faster by the same, which paired differences do not see.
RowRecord flood_row(const std::string &name, const char *path, double ns) {
  RowRecord row;
  row.name = name;
  row.path = path;
  row.title = "a row | of the example";
  for (int round = 0; round < kRounds; ++round) row.samples_ns.push_back(ns + round % 5);
  row.latency_ns = median_estimate(row.samples_ns);
  row.batches = row.samples_ns.size();
  return row;
}

RowRecord failed_flood_row(const std::string &name) {
  RowRecord row;
  row.name = name;
  row.path = "flood";
  row.status = RowStatus::kFailed;
  row.reason = "see 384 packets end at socket steered: 384 at socket server, 0 nowhere";
  return row;
}

}  // namespace

RunRecord example_flood_run() {
  RunRecord run;
  run.run_id = "20261126T185500Z-abc123";
  run.started_utc = "2026-11-26T18:55:00Z";
  run.duration_s = 120.5;
  run.mode = "default";
  run.command_line = "sklab flood";
  run.seed = 7;
  run.fingerprint = example_fingerprint("6.12.0");
  run.warnings = {"the JIT is off"};
  run.self_checks = {
      {"a_a_control", "udp4_flood/key_off", true, {0.1, -0.2, 0.3}, "ns", "contains 0"}};
  for (const std::string family : {"udp4", "tcp4"}) {
    const double base = family == "udp4" ? 248 : 1498;
    const auto add = [&](const char *name, double ns) {
      run.rows.push_back(flood_row(family + "_flood/" + name, "flood", ns));
    };
    add("key_off", base);
    add("untouched", 26);
    add("not_received", 28);
    add("before_lookup", 178);
    if (family == "tcp4") add("after_lookup", 208);
    add("key_on_foreign", base);
    add("pass", base + 30);
    run.rows.back().counters = {{"packet_cycles", 900}, {"packet_instructions", 1200}};
    add("series", base + 80);
    if (family == "udp4") run.rows.push_back(failed_flood_row("udp4_flood/assign_sockmap"));
    for (const auto &[name, ns] : {std::pair{"key_off", 20}, std::pair{"pass", 45}}) {
      run.rows.push_back(flood_row(family + "_flood_probe/" + name, "probe", ns));
    }
  }
  return run;
}

}  // namespace sklab
