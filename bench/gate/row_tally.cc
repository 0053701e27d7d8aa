// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/row_tally.h"

namespace sklab {
namespace {

void append_to(std::vector<double> &to, const double *from, size_t count) {
  to.insert(to.end(), from, from + count);
}

}  // namespace

void RowTally::add(const RowSample &sample) {
  path = sample.base.path;
  for (const auto &[name, count] : sample.base.counts) counts[name][0].insert(count);
  for (const auto &[name, count] : sample.candidate.counts) counts[name][1].insert(count);
  if (failure.empty()) failure = sample.failure;
  if (!sample.failure.empty()) return;
  const size_t half = sample.latency_ns.size() / 2;
  append_to(base_ns, sample.latency_ns.data(), half);
  append_to(candidate_ns, sample.latency_ns.data() + half, half);
  append_to(changes, sample.changes.data(), sample.changes.size());
  append_to(self_changes, sample.self_changes.data(), sample.self_changes.size());
}

}  // namespace sklab
