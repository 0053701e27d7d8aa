// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/latency_rounds.h"

#include <algorithm>
#include <cassert>
#include <random>

namespace sklab {
namespace {

constexpr size_t kDraws = 500;
constexpr double kTail = 0.025;  // outside a 95 % interval, on either side

// How often each round is drawn. The same for the same number of rounds, so that what is compared
// is drawn alike.
std::vector<uint64_t> draw(size_t rounds, std::mt19937_64 &random) {
  std::vector<uint64_t> times(rounds, 0);
  for (size_t i = 0; i < rounds; ++i) ++times[random() % rounds];
  return times;
}

// Of rounds, each as often as drawn. Buckets are numbered by their place in `whole`.
class Resampler {
 public:
  explicit Resampler(const std::vector<Histogram> &rounds) {
    for (const Histogram &round : rounds) whole_.add(round);
    const auto &buckets = whole_.buckets();
    for (const Histogram &round : rounds) {
      auto &places = rounds_.emplace_back();
      size_t place = 0;
      for (const Histogram::Bucket &bucket : round.buckets()) {
        while (buckets[place].index != bucket.index) ++place;
        places.push_back({place, bucket.count});
      }
    }
  }

  [[nodiscard]] const Histogram &whole() const { return whole_; }

  [[nodiscard]] Histogram resample(const std::vector<uint64_t> &times) const {
    std::vector<Histogram::Bucket> buckets = whole_.buckets();
    for (Histogram::Bucket &bucket : buckets) bucket.count = 0;
    for (size_t i = 0; i < rounds_.size(); ++i) {
      if (times[i] == 0) continue;
      for (const Place &place : rounds_[i]) buckets[place.place].count += times[i] * place.count;
    }
    std::erase_if(buckets, [](const Histogram::Bucket &bucket) { return bucket.count == 0; });
    return Histogram(std::move(buckets));
  }

 private:
  struct Place {
    size_t place;
    uint64_t count;
  };
  Histogram whole_;
  std::vector<std::vector<Place>> rounds_;
};

Estimate interval_of(double value, std::vector<double> drawn) {
  std::sort(drawn.begin(), drawn.end());
  return {value, sorted_quantile(drawn, kTail), sorted_quantile(drawn, 1 - kTail)};
}

// `figure_of` makes one of the percentiles of a draw of each.
std::vector<Estimate> estimates(const std::vector<Resampler> &resamplers, size_t rounds,
                                std::span<const double> percents) {
  const auto figure_of = [&](const std::vector<Histogram> &drawn, double percent) {
    const double first = drawn[0].percentile(percent);
    return drawn.size() == 1 ? first : first - drawn[1].percentile(percent);
  };
  std::vector<std::vector<double>> drawn(percents.size());
  std::mt19937_64 random(rounds);
  for (size_t i = 0; i < kDraws; ++i) {
    const std::vector<uint64_t> times = draw(rounds, random);
    std::vector<Histogram> histograms;
    histograms.reserve(resamplers.size());
    for (const Resampler &one : resamplers) histograms.push_back(one.resample(times));
    for (size_t k = 0; k < percents.size(); ++k) {
      drawn[k].push_back(figure_of(histograms, percents[k]));
    }
  }
  std::vector<Histogram> whole;
  whole.reserve(resamplers.size());
  for (const Resampler &one : resamplers) whole.push_back(one.whole());
  std::vector<Estimate> found;
  for (size_t k = 0; k < percents.size(); ++k) {
    found.push_back(interval_of(figure_of(whole, percents[k]), std::move(drawn[k])));
  }
  return found;
}

bool all_tell(const std::vector<Histogram> &rounds, double percent) {
  return std::all_of(rounds.begin(), rounds.end(), [&](const Histogram &round) {
    return tells_percentile(round.count(), percent);
  });
}

std::vector<double> percentiles_of_rounds(const std::vector<Histogram> &rounds, double percent) {
  std::vector<double> percentiles;
  percentiles.reserve(rounds.size());
  for (const Histogram &round : rounds) percentiles.push_back(round.percentile(percent));
  return percentiles;
}

}  // namespace

std::vector<Estimate> percentile_estimates(const std::vector<Histogram> &rounds,
                                           std::span<const double> percents) {
  assert(!rounds.empty());
  return estimates({Resampler(rounds)}, rounds.size(), percents);
}

std::vector<Estimate> percentile_differences(const std::vector<Histogram> &rounds,
                                             const std::vector<Histogram> &base,
                                             std::span<const double> percents) {
  assert(!rounds.empty() && rounds.size() == base.size());
  std::vector<Estimate> differences =
      estimates({Resampler(rounds), Resampler(base)}, rounds.size(), percents);
  for (size_t k = 0; k < percents.size(); ++k) {
    if (!all_tell(rounds, percents[k]) || !all_tell(base, percents[k])) continue;
    differences[k] = paired_difference(percentiles_of_rounds(rounds, percents[k]),
                                       percentiles_of_rounds(base, percents[k]));
  }
  return differences;
}

}  // namespace sklab
