// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/crash.h"

#include <gtest/gtest.h>

#include "fuzz/campaign/test_folder.h"
#include "fuzz/target/journal.h"

namespace sklab {
namespace {

std::deque<std::string> overflow(const std::string &address, const std::string &line) {
  return {"=================",
          "==123==ERROR: AddressSanitizer: heap-buffer-overflow on address " + address,
          "READ of size 4 at " + address + " thread T0",
          "    #0 0x5581 in __asan_memcpy (/build/a_fuzzer+0x1)",
          "    #1 " + address + " in sklab::read_word(int) /src/fuzz/a.cc:" + line + ":3",
          "    #2 0x5583 in sklab::(anonymous namespace)::parse(int) /src/fuzz/a.cc:9:3",
          "    #3 0x5584 in fuzzer::Fuzzer::ExecuteCallback(unsigned char const*, unsigned long)",
          "SUMMARY: AddressSanitizer: heap-buffer-overflow /src/fuzz/a.cc:" + line +
              ":3 in sklab::read_word(int)"};
}

TEST(CrashSignature, HasTheKindAndOurFunctions) {
  EXPECT_EQ(crash_signature(overflow("0x602", "12"), 77),
            "the fuzzer crashed: AddressSanitizer: heap-buffer-overflow a.cc:N:N in "
            "sklab::read_word(int) in sklab::read_word < sklab::parse");
}

TEST(CrashSignature, ValuesDoNotMatter) {
  EXPECT_EQ(crash_signature(overflow("0x602", "12"), 77),
            crash_signature(overflow("0x7ff", "34"), 77));
}

TEST(CrashSignature, SaysWhatAborted) {
  EXPECT_EQ(crash_signature({"a_fuzzer: /src/a.cc:3: void f(): Assertion `size < 4' failed.",
                             "SUMMARY: libFuzzer: deadly signal"},
                            77),
            "the fuzzer crashed: Assertion `size < N' failed.");
  EXPECT_EQ(crash_signature({"SUMMARY: libFuzzer: deadly signal"}, 77),
            "the fuzzer crashed: libFuzzer: deadly signal");
  EXPECT_EQ(crash_signature({}, 139), "the fuzzer crashed: ended with exit code 139");
}

TEST(DescribeCrash, KeepsTheLog) {
  const Finding finding = describe_crash({"one", "two"}, 139);
  EXPECT_EQ(finding.files.at("log.txt"), "one\ntwo\n");
  EXPECT_EQ(finding.signature, crash_signature({"one", "two"}, 139));
}

using CrashInputTest = TestFolder;

TEST_F(CrashInputTest, IsWhatLibFuzzerKept) {
  write("a_fuzzer.1.crash-00", "another job's");
  write("a_fuzzer.0.slow-unit-00", "slow");
  EXPECT_EQ(crash_input(folder_, "a_fuzzer.0", folder_ / "none"), std::nullopt);
  write("a_fuzzer.0.timeout-00", "hung");
  EXPECT_EQ(crash_input(folder_, "a_fuzzer.0", folder_ / "none"), "hung");
  clear_crash_inputs(folder_, "a_fuzzer.0");
  EXPECT_EQ(crash_input(folder_, "a_fuzzer.0", folder_ / "none"), std::nullopt);
  EXPECT_TRUE(exists("a_fuzzer.1.crash-00"));
}

TEST_F(CrashInputTest, IsOtherwiseTheLastOneOfTheJournal) {
  auto journal = Journal::open(folder_ / "journal", JournalSync::kNone);
  ASSERT_TRUE(journal);
  ASSERT_TRUE(journal->add(std::vector<uint8_t>{'a'}));
  ASSERT_TRUE(journal->add(std::vector<uint8_t>{'b'}));
  EXPECT_EQ(crash_input(folder_, "a_fuzzer.0", folder_ / "journal"), "b");
}

}  // namespace
}  // namespace sklab
