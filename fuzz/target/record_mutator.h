// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Changes of inputs that are lists of records of one size, whatever the records stand for: parts
// are inserted, removed, copied, moved and spliced, not bits of bytes whose meaning depends on what
// stands before them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "fuzz/target/random.h"

namespace sklab {

template <size_t kSize>
class RecordMutator {
 public:
  using Record = std::array<uint8_t, kSize>;
  using Records = std::vector<Record>;
  using Change = void (*)(Records &records, FuzzRandom &random);

  // What is left of a record at the end is ignored.
  static Records read(std::span<const uint8_t> bytes) {
    Records records(bytes.size() / kSize);
    // An empty vector has no memory to copy to.
    if (!records.empty()) std::memcpy(records.data(), bytes.data(), records.size() * kSize);
    return records;
  }

  // As many as fit. Returns their size in bytes.
  static size_t write(const Records &records, std::span<uint8_t> out) {
    const size_t count = std::min(records.size(), out.size() / kSize);
    if (count > 0) std::memcpy(out.data(), records.data(), count * kSize);
    return count * kSize;
  }

  // `value` as `bytes` bytes from `first` on, the low one first.
  static void put(Record &record, size_t first, size_t bytes, uint64_t value) {
    for (size_t i = 0; i < bytes; ++i) record[first + i] = static_cast<uint8_t>(value >> (8 * i));
  }

  static void insert(Records &records, const Records &inserted, FuzzRandom &random) {
    const auto at = static_cast<ptrdiff_t>(random.below(records.size() + 1));
    records.insert(records.begin() + at, inserted.begin(), inserted.end());
  }

  static void remove_run(Records &records, FuzzRandom &random) {
    if (records.empty()) return;
    const size_t first = random.below(records.size());
    const size_t count =
        std::min(records.size() - first, random.one_in(4) ? random.below(8) + 1 : 1);
    const auto begin = records.begin() + static_cast<ptrdiff_t>(first);
    records.erase(begin, begin + static_cast<ptrdiff_t>(count));
  }

  static void swap_two(Records &records, FuzzRandom &random) {
    if (records.empty()) return;
    std::swap(records[random.below(records.size())], records[random.below(records.size())]);
  }

  // Copies a run to another place.
  static void copy_run(Records &records, FuzzRandom &random) {
    if (records.empty()) return;
    const size_t first = random.below(records.size());
    const size_t count = std::min(records.size() - first, random.below(6) + 1);
    const auto begin = records.begin() + static_cast<ptrdiff_t>(first);
    const Records run(begin, begin + static_cast<ptrdiff_t>(count));
    insert(records, run, random);
  }

  static void change_byte(Records &records, FuzzRandom &random) {
    if (records.empty()) return;
    Record &record = records[random.below(records.size())];
    uint8_t &byte = record[random.below(kSize)];
    const auto amount = static_cast<uint8_t>(1U << random.below(8));
    byte = static_cast<uint8_t>(random.one_in(2) ? byte ^ amount : byte + amount);
  }

  // Mutates the `size` bytes at the start of `bytes`, all of which may be used, by one to eight of
  // `changes`, and returns the new size. Which of them are likely depends on the seed, too (swarm
  // testing, Groce et al. 2012): some inputs only ever grow, others only change what is there.
  static size_t mutate(std::span<uint8_t> bytes, size_t size, uint64_t seed,
                       std::span<const Change> changes) {
    FuzzRandom random(seed);
    Records records = read(bytes.first(size));
    const uint64_t all = (uint64_t{1} << changes.size()) - 1;
    // The kinds of change that this mutation is made of; none is all.
    const uint64_t enabled = random.one_in(2) ? all : random.next() & all;
    const size_t count = size_t{1} << random.below(4);
    for (size_t i = 0; i < count; ++i) {
      const size_t change = random.below(changes.size());
      if (enabled == 0 || (enabled >> change & 1) != 0) changes[change](records, random);
    }
    return write(records, bytes);
  }

  // The beginning of one and the end of another.
  static Records splice(const Records &left, const Records &right, FuzzRandom &random) {
    const auto end = static_cast<ptrdiff_t>(random.below(left.size() + 1));
    const auto start = static_cast<ptrdiff_t>(random.below(right.size() + 1));
    Records spliced(left.begin(), left.begin() + end);
    spliced.insert(spliced.end(), right.begin() + start, right.end());
    return spliced;
  }
};

}  // namespace sklab
