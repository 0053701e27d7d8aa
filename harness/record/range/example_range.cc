// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/range/example_range.h"

#include "harness/record/test_record.h"

namespace sklab {
namespace {

RangeRow range_row(const char *name, double request_us) {
  RangeRow row;
  row.name = name;
  row.title = "a way | of the <example>";
  row.sockets = 256;
  row.rounds = 12;
  row.requests = 120000;
  row.setup_ms = {1.07, 1.0, 1.2};
  row.memory_bytes = Estimate{176.7e6, 176e6, 177e6};
  row.requests_per_second = {1e6 / request_us, 0.99e6 / request_us, 1.01e6 / request_us};
  row.latency_ns_p50 = {1000 * request_us, 990 * request_us, 1010 * request_us};
  row.latency_ns_p99 = {34400, 30000, 40000};
  return row;
}

RangeRow numberless_range_row(const char *name, RowStatus status, const char *reason) {
  RangeRow row;
  row.name = name;
  row.title = "another way";
  row.status = status;
  row.reason = reason;
  return row;
}

}  // namespace

RangeRecord example_range() {
  RangeRecord record;
  record.run_id = "20261126T185500Z-abc123";
  record.started_utc = "2026-11-26T18:55:00Z";
  record.duration_s = 60.5;
  record.mode = "default";
  record.command_line = "sklab range";
  record.seed = 7;
  record.fingerprint = example_fingerprint("6.12.0");
  record.warnings = {"the JIT is off"};
  RangeFamily family{"udp4", "256 addresses of 203.0.113.0/24, ports 20000 to 20255", 40000, {}};
  family.rows = {range_row("sockets", 4.1),
                 numberless_range_row("tc_assign", RowStatus::kFailed,
                                      "receive a request for 203.0.113.7:20001: timed out"),
                 numberless_range_row("tproxy", RowStatus::kSkipped,
                                      "find program nft (install Debian's package nftables)"),
                 range_row("sk_lookup", 3.8)};
  family.rows.front().request_percent = Estimate{9.12, 7, 11.3};
  record.families = {family};
  return record;
}

}  // namespace sklab
