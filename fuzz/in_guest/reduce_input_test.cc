// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/reduce_input.h"

#include <gtest/gtest.h>

#include <random>

namespace sklab {
namespace {

constexpr size_t kPlenty = 1000;

// A kernel that any input fells in which these letters come in this order.
struct FakeGuests {
  std::string needed;
  size_t started = 0;

  [[nodiscard]] bool falls(const std::string &input) const {
    size_t met = 0;
    for (const char letter : input) {
      if (met < needed.size() && letter == needed[met]) ++met;
    }
    return met == needed.size();
  }
  TryCandidates attempt() {
    return [this](const std::vector<std::string> &candidates) -> Result<std::optional<size_t>> {
      ++started;
      for (size_t i = 0; i < candidates.size(); ++i) {
        if (falls(candidates[i])) return i;
      }
      return std::nullopt;
    };
  }
};

TEST(ReduceInput, OnlyWhatIsNeededIsLeft) {
  std::mt19937_64 random(1);
  for (const char *needed : {"a", "ab", "abc", "zyx", "aaaa"}) {
    for (int i = 0; i < 50; ++i) {
      FakeGuests guests{needed, 0};
      std::string input;
      while (!guests.falls(input)) input += static_cast<char>('a' + random() % 26);
      EXPECT_EQ(*reduce_input(input, 1, kPlenty, guests.attempt()), needed);
    }
  }
}

TEST(ReduceInput, WholeRecordsAreLeftOut) {
  FakeGuests guests{"b", 0};
  EXPECT_EQ(*reduce_input("aaabbbccc", 3, kPlenty, guests.attempt()), "bbb");
  // What is left of a record at the end is one, too.
  EXPECT_EQ(*reduce_input("aaabbbc", 3, kPlenty, guests.attempt()), "bbb");
}

TEST(ReduceInput, TakesFewGuests) {
  FakeGuests guests{"x", 0};
  const std::string input = std::string(100, 'a') + "x" + std::string(100, 'b');
  EXPECT_EQ(*reduce_input(input, 1, kPlenty, guests.attempt()), "x");
  EXPECT_LE(guests.started, 20U);
  guests.started = 0;
  const auto bounded = reduce_input(input, 1, 3, guests.attempt());
  EXPECT_EQ(guests.started, 3U);
  EXPECT_TRUE(guests.falls(*bounded));
}

TEST(ReduceInput, AGuestThatCannotRunIsAnError) {
  const auto fails = [](const std::vector<std::string> &) -> Result<std::optional<size_t>> {
    return fail("boot");
  };
  EXPECT_FALSE(reduce_input("abc", 1, kPlenty, fails));
}

}  // namespace
}  // namespace sklab
