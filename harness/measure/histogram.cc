// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/histogram.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace sklab {
namespace {

constexpr unsigned kDigitBits = 10;  // 1024 buckets a doubling

// How many bits of a latency its bucket leaves out.
unsigned shift_of(uint64_t latency_ns) {
  const auto bits = static_cast<unsigned>(std::bit_width(latency_ns));
  return bits > kDigitBits + 1 ? bits - kDigitBits - 1 : 0;
}

unsigned shift_of_index(uint32_t index) {
  const uint32_t doublings = index >> kDigitBits;
  return doublings > 1 ? doublings - 1 : 0;
}

}  // namespace

uint32_t Histogram::index_of(uint64_t latency_ns) {
  const unsigned shift = shift_of(latency_ns);
  return (shift << kDigitBits) + static_cast<uint32_t>(latency_ns >> shift);
}

uint64_t Histogram::low_ns(uint32_t index) {
  const unsigned shift = shift_of_index(index);
  return static_cast<uint64_t>(index - (shift << kDigitBits)) << shift;
}

uint64_t Histogram::width_ns(uint32_t index) { return uint64_t{1} << shift_of_index(index); }

Histogram::Histogram(std::vector<uint64_t> samples_ns) {
  std::sort(samples_ns.begin(), samples_ns.end());
  for (const uint64_t sample : samples_ns) {
    const uint32_t index = index_of(sample);
    if (buckets_.empty() || buckets_.back().index != index) buckets_.push_back({index, 0});
    ++buckets_.back().count;
  }
}

void Histogram::add(const Histogram &other) {
  std::vector<Bucket> sum;
  sum.reserve(buckets_.size() + other.buckets_.size());
  std::merge(buckets_.begin(), buckets_.end(), other.buckets_.begin(), other.buckets_.end(),
             std::back_inserter(sum),
             [](const Bucket &a, const Bucket &b) { return a.index < b.index; });
  buckets_.clear();
  for (const Bucket &bucket : sum) {
    if (!buckets_.empty() && buckets_.back().index == bucket.index) {
      buckets_.back().count += bucket.count;
    } else {
      buckets_.push_back(bucket);
    }
  }
}

uint64_t Histogram::count() const {
  uint64_t count = 0;
  for (const Bucket &bucket : buckets_) count += bucket.count;
  return count;
}

double Histogram::percentile(double percent) const {
  assert(!buckets_.empty() && percent >= 0 && percent <= 100);
  const double wanted = percent / 100 * static_cast<double>(count());
  double below = 0;
  for (const Bucket &bucket : buckets_) {
    const auto inside = static_cast<double>(bucket.count);
    if (below + inside >= wanted) {
      const double share = std::max(wanted - below, 0.0) / inside;
      return static_cast<double>(low_ns(bucket.index)) +
             share * static_cast<double>(width_ns(bucket.index));
    }
    below += inside;
  }
  return static_cast<double>(low_ns(buckets_.back().index) + width_ns(buckets_.back().index));
}

double Histogram::mean() const {
  double sum = 0;
  for (const Bucket &bucket : buckets_) {
    const double middle =
        static_cast<double>(low_ns(bucket.index)) + static_cast<double>(width_ns(bucket.index)) / 2;
    sum += middle * static_cast<double>(bucket.count);
  }
  return sum / static_cast<double>(count());
}

}  // namespace sklab
