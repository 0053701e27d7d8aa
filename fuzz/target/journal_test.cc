// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/journal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "harness/base/file.h"

namespace sklab {
namespace {

std::vector<uint8_t> input_of(uint64_t number) {
  return std::vector<uint8_t>(number % 50, static_cast<uint8_t>(number));
}

class JournalTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  void add(uint64_t first, uint64_t last, JournalSync sync = JournalSync::kNone) {
    auto journal = Journal::open(path_, sync);
    ASSERT_TRUE(journal) << journal.error().message();
    for (uint64_t number = first; number <= last; ++number) {
      ASSERT_TRUE(journal->add(input_of(number)));
    }
  }
  [[nodiscard]] std::vector<JournalEntry> read() const {
    auto entries = read_journal(path_);
    EXPECT_TRUE(entries);
    return entries ? *entries : std::vector<JournalEntry>{};
  }
  // As if the machine had died while this byte was written.
  void damage(size_t offset) {
    std::string content = *read_file(path_);
    content[offset] = static_cast<char>(~content[offset]);
    std::ofstream(path_, std::ios::binary) << content;
  }

  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / ("journal_test." + std::to_string(::getpid()));
};

TEST_F(JournalTest, HoldsTheLastInputsInOrder) {
  for (const JournalSync sync : {JournalSync::kNone, JournalSync::kEach, JournalSync::kWait}) {
    std::filesystem::remove(path_);
    add(1, 3, sync);
    const auto entries = read();
    ASSERT_EQ(entries.size(), 3);
    for (uint64_t i = 0; i < 3; ++i) {
      EXPECT_EQ(entries[i].sequence, i + 1);
      EXPECT_EQ(entries[i].input, std::string(i + 1, static_cast<char>(i + 1)));
    }
  }
}

TEST_F(JournalTest, TheOldestAreOverwritten) {
  add(1, 1000);
  const auto entries = read();
  ASSERT_EQ(entries.size(), Journal::kSlots);
  EXPECT_EQ(entries.front().sequence, 1000 - Journal::kSlots + 1);
  EXPECT_EQ(entries.back().sequence, 1000);
  EXPECT_EQ(std::filesystem::file_size(path_), (Journal::kSlots + 1) * Journal::kSlotBytes);
}

TEST_F(JournalTest, IsContinued) {
  add(1, 10);
  add(11, 20);
  const auto entries = read();
  ASSERT_EQ(entries.size(), 20);
  EXPECT_EQ(entries.back().sequence, 20);
}

TEST_F(JournalTest, ATornSlotIsLeftOutAndTheNextInputsFollow) {
  add(1, 10);
  damage((10 + 1) * Journal::kSlotBytes + 40);  // in the last input
  ASSERT_EQ(read().size(), 9);
  add(10, 12);
  const auto entries = read();
  ASSERT_EQ(entries.size(), 12);
  EXPECT_EQ(entries.back().input, std::string(12, 12));
}

TEST_F(JournalTest, EveryDamagedByteOfASlotIsNoticed) {
  add(33, 33);
  const std::string content = *read_file(path_);
  const size_t start = (1 + 1) * Journal::kSlotBytes;
  for (size_t offset = start; offset < start + 4 * sizeof(uint64_t) + 33; ++offset) {
    damage(offset);
    EXPECT_EQ(read().size(), 0) << offset - start;
    std::ofstream(path_, std::ios::binary) << content;
  }
}

TEST_F(JournalTest, OfALongInputTheBeginningIsKept) {
  auto journal = Journal::open(path_, JournalSync::kNone);
  ASSERT_TRUE(journal);
  ASSERT_TRUE(journal->add(std::vector<uint8_t>(10000, 7)));
  const auto entries = read();
  ASSERT_EQ(entries.size(), 1);
  EXPECT_EQ(entries[0].size, 10000);
  EXPECT_EQ(entries[0].input, std::string(Journal::kMostInputBytes, 7));
}

TEST_F(JournalTest, AnotherFileIsRefusedForReadingAndReplacedForWriting) {
  std::ofstream(path_) << "something else";
  EXPECT_EQ(read_journal(path_).error().kind, ErrorKind::kUsage);
  add(1, 2);
  EXPECT_EQ(read().size(), 2);
  EXPECT_EQ(read_journal("/no/such/journal").error().kind, ErrorKind::kUsage);
}

TEST_F(JournalTest, CutShortItStillHasItsBeginning) {
  add(1, 20);
  std::filesystem::resize_file(path_, 10 * Journal::kSlotBytes);
  EXPECT_EQ(read().size(), 8);
}

TEST(JournalSync, HasThreeNames) {
  EXPECT_EQ(*parse_journal_sync("each"), JournalSync::kEach);
  EXPECT_EQ(*parse_journal_sync("wait"), JournalSync::kWait);
  EXPECT_EQ(*parse_journal_sync("none"), JournalSync::kNone);
  EXPECT_EQ(parse_journal_sync("").error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace sklab
