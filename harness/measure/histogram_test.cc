// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/histogram.h"

#include <gtest/gtest.h>

#include <random>

namespace sklab {
namespace {

// Of every size, from some bits to fifty.
std::vector<uint64_t> samples(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<uint64_t> some(count);
  for (uint64_t &one : some) one = random() >> (14 + random() % 50);
  return some;
}

TEST(HistogramTest, ALatencyIsInItsBucketAndThatIsNarrow) {
  for (const uint64_t sample : samples(10000, 1)) {
    const uint32_t index = Histogram::index_of(sample);
    const uint64_t low = Histogram::low_ns(index);
    const uint64_t width = Histogram::width_ns(index);
    EXPECT_LE(low, sample);
    EXPECT_LT(sample, low + width);
    EXPECT_LE((width - 1) * 1000, sample);
  }
}

TEST(HistogramTest, BucketsFollowEachOtherWithoutGaps) {
  for (uint32_t index = 0; index < 40000; ++index) {
    ASSERT_EQ(Histogram::low_ns(index) + Histogram::width_ns(index), Histogram::low_ns(index + 1));
    ASSERT_EQ(Histogram::index_of(Histogram::low_ns(index)), index);
  }
}

TEST(HistogramTest, PercentilesAreThoseOfTheSamples) {
  std::vector<uint64_t> some = samples(20001, 2);
  const Histogram histogram(some);
  EXPECT_EQ(histogram.count(), some.size());
  std::sort(some.begin(), some.end());
  for (const double percent : {1.0, 25.0, 50.0, 90.0, 99.0, 99.9}) {
    const auto rank = static_cast<size_t>(percent / 100 * static_cast<double>(some.size() - 1));
    const auto low = static_cast<double>(some[rank - 1]);
    const auto high = static_cast<double>(some[rank + 2]);
    EXPECT_GE(histogram.percentile(percent), low * 0.999) << percent;
    EXPECT_LE(histogram.percentile(percent), high * 1.001 + 1) << percent;
  }
  EXPECT_LE(histogram.percentile(0), static_cast<double>(some.front()) + 1);
  EXPECT_GE(histogram.percentile(100), static_cast<double>(some.back()));
}

TEST(HistogramTest, TheSumOfPartsIsTheWhole) {
  const std::vector<uint64_t> a = samples(1000, 3);
  const std::vector<uint64_t> b = samples(500, 4);
  std::vector<uint64_t> both = a;
  both.insert(both.end(), b.begin(), b.end());
  Histogram sum(a);
  sum.add(Histogram(b));
  EXPECT_EQ(sum, Histogram(both));
  sum.add(Histogram());
  EXPECT_EQ(sum, Histogram(both));
}

TEST(HistogramTest, TheMeanIsThatOfTheSamples) {
  EXPECT_NEAR(Histogram(std::vector<uint64_t>{100, 200, 300}).mean(), 200, 1);
  EXPECT_NEAR(Histogram(std::vector<uint64_t>{1000000, 3000000}).mean(), 2000000, 2000);
}

}  // namespace
}  // namespace sklab
