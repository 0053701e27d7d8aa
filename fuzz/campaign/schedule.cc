// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/schedule.h"

#include <algorithm>

namespace sklab {
namespace {

// Starting a fuzzer for less is not worth it.
constexpr double kLeastSliceS = 1;

}  // namespace

Schedule::Schedule(size_t targets, unsigned jobs, std::optional<double> total_s,
                   double most_slice_s, double start_s)
    : targets_(targets), total_s_(total_s), slice_s_(most_slice_s), start_s_(start_s) {
  if (!total_s || targets == 0) return;
  const double share_s = *total_s * jobs / static_cast<double>(targets) - start_s;
  slice_s_ = std::clamp(share_s, std::min(kLeastSliceS, most_slice_s), most_slice_s);
}

std::optional<Schedule::Slice> Schedule::next(double now_s) {
  if (!time_left(now_s)) return std::nullopt;
  double seconds = slice_s_;
  // The last slice takes the rest as well, rather than leave one too short.
  if (total_s_ && *total_s_ - now_s < slice_s_ + kLeastSliceS) seconds = *total_s_ - now_s;
  const auto least =
      std::min_element(targets_.begin(), targets_.end(), [](const Target &a, const Target &b) {
        return a.dropped == b.dropped ? a.given_s < b.given_s : b.dropped;
      });
  if (least == targets_.end() || least->dropped) return std::nullopt;
  least->given_s += seconds;
  return Slice{static_cast<size_t>(least - targets_.begin()), seconds};
}

void Schedule::end(const Slice &slice, double used_s) {
  targets_[slice.target].given_s += used_s - slice.seconds;
}

void Schedule::drop(size_t target) { targets_[target].dropped = true; }

bool Schedule::time_left(double now_s) const {
  return !total_s_ || *total_s_ - now_s >= std::min(kLeastSliceS + start_s_, *total_s_ / 2);
}

bool Schedule::empty() const {
  return std::all_of(targets_.begin(), targets_.end(),
                     [](const Target &target) { return target.dropped; });
}

}  // namespace sklab
