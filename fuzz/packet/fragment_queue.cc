// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/fragment_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sklab {

FragmentQueue::State FragmentQueue::add(Fragment fragment) {
  size_t end = fragment.offset + fragment.bytes.size();
  if (!fragment.more) {
    if (end < length_ || (has_last_ && end != length_)) return State::kDropped;
    has_last_ = true;
    length_ = end;
  } else {
    end -= end % 8;
    if (end > length_) {
      if (has_last_) return State::kDropped;
      length_ = end;
    }
  }
  if (end <= fragment.offset) return State::kDropped;
  fragment.bytes.resize(end - fragment.offset);
  const auto end_of = [](const auto &run) { return run.first + run.second.size(); };
  const bool behind_all = runs_.empty() || end_of(*runs_.rbegin()) < end;
  if (behind_all) {
    if (!runs_.empty() && fragment.offset < end_of(*runs_.rbegin())) return State::kDropped;
    if (!runs_.empty() && fragment.offset == end_of(*runs_.rbegin())) {
      auto &run = runs_.rbegin()->second;
      run.insert(run.end(), fragment.bytes.begin(), fragment.bytes.end());
    } else {
      runs_.emplace(fragment.offset, std::move(fragment.bytes));
    }
  } else {
    for (const auto &run : runs_) {
      if (end <= run.first || fragment.offset >= end_of(run)) continue;
      const bool within = fragment.offset >= run.first && end <= end_of(run);
      return within ? State::kKept : State::kDropped;
    }
    runs_.emplace(fragment.offset, std::move(fragment.bytes));
  }
  (fragment.congestion != 0 ? some_know_congestion_ : some_do_not_) = true;
  size_t kept = 0;
  for (const auto &run : runs_) kept += run.second.size();
  if (!has_last_ || !runs_.contains(0) || kept != length_) return State::kKept;
  return some_know_congestion_ && some_do_not_ ? State::kDropped : State::kComplete;
}

std::vector<uint8_t> FragmentQueue::bytes() const {
  std::vector<uint8_t> all(length_);
  for (const auto &[offset, run] : runs_) {
    std::copy(run.begin(), run.end(), all.begin() + static_cast<ptrdiff_t>(offset));
  }
  return all;
}

FragmentQueue::Fragment FragmentQueue::last_straw() { return {8, false, {}, 0}; }

}  // namespace sklab
