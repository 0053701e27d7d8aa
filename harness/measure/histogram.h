// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

namespace sklab {

// Counts of latencies in buckets of the layout of HdrHistogram with three digits: of one nanosecond
// each below 2048, and from there on 1024 in every doubling, so that none is wider than a
// thousandth of what it holds. Only buckets that have something in them are kept.
class Histogram {
 public:
  struct Bucket {
    uint32_t index = 0;
    uint64_t count = 0;

    bool operator==(const Bucket &) const = default;
  };

  Histogram() = default;
  explicit Histogram(std::vector<uint64_t> samples_ns);
  // Requires: ascending indices, counts that are not 0.
  explicit Histogram(std::vector<Bucket> buckets) : buckets_(std::move(buckets)) {}

  static uint32_t index_of(uint64_t latency_ns);
  // The least latency that is in the bucket.
  static uint64_t low_ns(uint32_t index);
  static uint64_t width_ns(uint32_t index);

  void add(const Histogram &other);

  [[nodiscard]] uint64_t count() const;
  // Ascending.
  [[nodiscard]] const std::vector<Bucket> &buckets() const { return buckets_; }

  // That so many percent of all are not above, as far as buckets tell, in nanoseconds.
  // Requires: not empty, 0 <= percent <= 100.
  [[nodiscard]] double percentile(double percent) const;
  // In nanoseconds. Requires: not empty.
  [[nodiscard]] double mean() const;

  bool operator==(const Histogram &) const = default;

 private:
  std::vector<Bucket> buckets_;
};

}  // namespace sklab
