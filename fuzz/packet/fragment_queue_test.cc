// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/fragment_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace sklab {
namespace {

using State = FragmentQueue::State;
using Fragment = FragmentQueue::Fragment;

Fragment fragment(size_t begin, size_t end, bool more, uint8_t congestion = 0) {
  Fragment made{begin, more, std::vector<uint8_t>(end - begin), congestion};
  std::iota(made.bytes.begin(), made.bytes.end(), static_cast<uint8_t>(begin));
  return made;
}

TEST(FragmentQueue, AnyOrderIsComplete) {
  std::vector<Fragment> all = {fragment(0, 8, true), fragment(8, 24, true), fragment(24, 32, true),
                               fragment(32, 35, false)};
  std::vector<size_t> order = {0, 1, 2, 3};
  do {
    FragmentQueue queue;
    for (size_t i = 0; i < order.size(); ++i) {
      EXPECT_EQ(queue.add(all[order[i]]), i == 3 ? State::kComplete : State::kKept);
    }
    const auto bytes = queue.bytes();
    ASSERT_EQ(bytes.size(), 35U);
    for (size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(bytes[i], i);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(FragmentQueue, RepetitionsAreIgnoredAndOverlapsDropAll) {
  FragmentQueue queue;
  EXPECT_EQ(queue.add(fragment(8, 24, true)), State::kKept);
  EXPECT_EQ(queue.add(fragment(24, 40, true)), State::kKept);
  EXPECT_EQ(queue.add(fragment(16, 32, true)), State::kKept);  // within what is there
  EXPECT_EQ(queue.add(fragment(32, 48, true)), State::kDropped);
  FragmentQueue other;
  EXPECT_EQ(other.add(fragment(8, 24, true)), State::kKept);
  EXPECT_EQ(other.add(fragment(0, 16, true)), State::kDropped);
}

TEST(FragmentQueue, LengthsHaveToFit) {
  FragmentQueue queue;
  EXPECT_EQ(queue.add(fragment(8, 24, false)), State::kKept);
  EXPECT_EQ(queue.add(fragment(24, 32, true)), State::kDropped);
  FragmentQueue two_ends;
  EXPECT_EQ(two_ends.add(fragment(8, 24, false)), State::kKept);
  EXPECT_EQ(two_ends.add(fragment(8, 16, false)), State::kDropped);
  FragmentQueue cut;
  EXPECT_EQ(cut.add(fragment(0, 13, true)), State::kKept);
  EXPECT_EQ(cut.add(fragment(8, 10, false)), State::kComplete);
  EXPECT_EQ(cut.bytes().size(), 10U);
}

TEST(FragmentQueue, CongestionMarksHaveToFit) {
  FragmentQueue queue;
  EXPECT_EQ(queue.add(fragment(0, 8, true, 2)), State::kKept);
  EXPECT_EQ(queue.add(fragment(8, 9, false, 0)), State::kDropped);
  FragmentQueue marked;
  EXPECT_EQ(marked.add(fragment(0, 8, true, 2)), State::kKept);
  EXPECT_EQ(marked.add(fragment(8, 9, false, 3)), State::kComplete);
}

TEST(FragmentQueue, TheLastStrawDropsAny) {
  for (const bool last : {false, true}) {
    for (const size_t begin : {0, 8, 16}) {
      FragmentQueue queue;
      ASSERT_EQ(queue.add(fragment(begin == 0 && last ? 8 : begin, 32, !last)), State::kKept);
      EXPECT_EQ(queue.add(FragmentQueue::last_straw()), State::kDropped);
    }
  }
  FragmentQueue empty;
  EXPECT_EQ(empty.add(FragmentQueue::last_straw()), State::kDropped);
}

}  // namespace
}  // namespace sklab
