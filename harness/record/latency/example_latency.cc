// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/latency/example_latency.h"

#include "harness/record/test_record.h"

namespace sklab {
namespace {

// A hundred requests of `base_ns`, and some that waited.
LatencyRowRecord latency_row(const char *name, const char *reference, double base_ns) {
  LatencyRowRecord row;
  row.name = name;
  row.title = "a row | of the <example>";
  row.reference = reference;
  row.requests = 104;
  row.requests_per_second = 19990;
  for (const double percent : {50.0, 90.0, 99.0}) {
    const double value = percent == 99 ? 25 * base_ns : base_ns;
    LatencyPercentile one{percent, {value, value - 10, value + 10}, base_ns, {}};
    if (*reference != '\0') one.difference_ns = Estimate{48, 40, 56};
    row.percentiles.push_back(one);
  }
  row.mean_ns = 1.5 * base_ns;
  row.max_ns = 30 * base_ns;
  const auto base = static_cast<uint64_t>(base_ns);
  row.histogram_ns = {base, 20 * base, 30 * base};
  row.histogram_counts = {100, 3, 1};
  return row;
}

LatencyRowRecord numberless_row(const char *name, RowStatus status, const char *reason) {
  LatencyRowRecord row;
  row.name = name;
  row.title = "a row of the example";
  row.reference = "series";
  row.status = status;
  row.reason = reason;
  return row;
}

}  // namespace

LatencyRecord example_latency() {
  LatencyRecord record;
  record.run_id = "20261126T185500Z-abc123";
  record.started_utc = "2026-11-26T18:55:00Z";
  record.duration_s = 100.5;
  record.mode = "default";
  record.command_line = "sklab latency --churn link";
  record.seed = 7;
  record.fingerprint = example_fingerprint("6.12.0");
  record.warnings = {"the JIT is off"};
  record.self_checks = {
      {"tool_overhead", "udp4, 20000 requests/s", true, {1.4, 1.3, 1.5}, "%", "below 5 %"}};
  LatencySectionRecord section{"udp4", 0, 20000, {}};
  section.rows = {latency_row("empty_loop", "", 48), latency_row("key_off", "", 3360),
                  latency_row("pass", "key_off", 3408), latency_row("series", "key_off", 3532),
                  latency_row("link_1000", "series", 3590)};
  section.rows.back().churn = LatencyChurn{"link updates", 1000, 998.5, 5, 4992, 1622, 13030};
  section.rows.push_back(numberless_row("key_10", RowStatus::kSkipped, "there is one CPU only"));
  section.rows.push_back(numberless_row("lpm_10", RowStatus::kFailed,
                                        "receive a request for 192.0.2.1:7000: timed out"));
  record.sections = {section, {"tcp4", 10000, 5000, {latency_row("key_off", "", 6800)}}};
  return record;
}

}  // namespace sklab
