// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A journal holds a process's last inputs, written before they are run. It is written with
// pwrite(2), so it survives the process by itself. A kernel that panics takes the page cache with
// it; what has been handed to the disk stays, because a disk finishes what it was given.
//
// A journal is a ring of slots of one page each, so that an input costs one page of the disk and a
// torn write costs one input, which its checksum shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// What is done about each input besides writing it to the page cache.
enum class JournalSync {
  kNone,  // nothing: for targets that cannot bring the kernel down
  kEach,  // it is handed to the disk (sync_file_range), and not waited for
  kWait,  // it is on the disk before it runs (fdatasync)
};

// "none", "each", "wait". Errors: kUsage for another name.
Result<JournalSync> parse_journal_sync(std::string_view name);

struct JournalEntry {
  uint64_t sequence = 0;  // 1 is the first input
  uint64_t size = 0;      // of the whole input, bytes
  std::string input;      // its beginning, where it is longer than a slot holds
};

class Journal {
 public:
  static constexpr size_t kSlots = 128;
  static constexpr size_t kSlotBytes = 4096;
  // What a slot holds of an input.
  static constexpr size_t kMostInputBytes = kSlotBytes - 4 * sizeof(uint64_t);

  // Goes on with the journal in `path`, or makes one. Errors: whatever the file system reports.
  static Result<Journal> open(const std::filesystem::path &path, JournalSync sync);

  // Writes an input into the oldest slot. Errors: a failing disk; a full one cannot be, the file
  // has its size from the beginning.
  Result<> add(std::span<const uint8_t> input);

 private:
  Journal(UniqueFd fd, JournalSync sync, uint64_t sequence)
      : fd_(std::move(fd)), sync_(sync), sequence_(sequence) {}

  UniqueFd fd_;
  JournalSync sync_;
  uint64_t sequence_;  // of the last input
};

// The entries of a journal, oldest first. Slots that were never used or are torn are left out.
// Errors: what reading reports; kUsage for a file that is none.
Result<std::vector<JournalEntry>> read_journal(const std::filesystem::path &path);

}  // namespace sklab
