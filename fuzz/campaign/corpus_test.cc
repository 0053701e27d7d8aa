// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/corpus.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "fuzz/campaign/test_folder.h"
#include "harness/base/file.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

using CorpusTest = TestFolder;

TEST_F(CorpusTest, OnlyIntactInputsStay) {
  write("corpus/" + sha1_hex("good"), "good");
  write("corpus/" + sha1_hex(""), "");
  write("corpus/" + sha1_hex("whole"), "who");  // half written
  write("corpus/README", "of somebody");
  write("corpus/folder/" + sha1_hex("good"), "good");
  const std::string big(kMostCorpusFileBytes + 1, 'x');
  write("corpus/" + sha1_hex(big), big);
  std::filesystem::create_symlink("/etc/passwd", folder_ / "corpus/link");
  ASSERT_EQ(::mkfifo((folder_ / "corpus/pipe").c_str(), 0600), 0);
  const auto check = check_corpus(folder_ / "corpus", folder_ / "skipped");
  ASSERT_TRUE(check) << check.error().message();
  EXPECT_EQ(check->inputs, 2);
  EXPECT_EQ(check->skipped, 6);
  EXPECT_EQ(count_inputs(folder_ / "corpus"), 2);
  EXPECT_EQ(*read_file(folder_ / "skipped" / sha1_hex("whole")), "who");
  EXPECT_TRUE(exists("skipped/pipe"));
  EXPECT_TRUE(exists("skipped/link"));
}

TEST_F(CorpusTest, NothingThatWasSkippedIsOverwritten) {
  for (const char *content : {"one", "two", "three"}) {
    write("corpus/name", content);
    ASSERT_TRUE(check_corpus(folder_ / "corpus", folder_ / "skipped"));
  }
  EXPECT_EQ(*read_file(folder_ / "skipped/name"), "one");
  EXPECT_EQ(*read_file(folder_ / "skipped/name.1"), "two");
  EXPECT_EQ(*read_file(folder_ / "skipped/name.2"), "three");
}

TEST_F(CorpusTest, AFolderThatIsNotThereIsAnError) {
  EXPECT_FALSE(check_corpus(folder_ / "none", folder_ / "skipped"));
}

TEST_F(CorpusTest, InputsOfOthersAreCopied) {
  write("from/" + sha1_hex("good"), "good");
  write("from/half", "half");
  std::filesystem::create_directories(folder_ / "to");
  const auto strict = copy_inputs(folder_ / "from", folder_ / "to", false);
  ASSERT_TRUE(strict);
  EXPECT_EQ(strict->inputs, 1);
  EXPECT_EQ(strict->skipped, 1);
  const auto any = copy_inputs(folder_ / "from", folder_ / "to", true);
  ASSERT_TRUE(any);
  EXPECT_EQ(any->inputs, 2);
  EXPECT_EQ(*read_file(folder_ / "to" / sha1_hex("half")), "half");
  EXPECT_TRUE(exists("from/half"));
}

TEST_F(CorpusTest, InputsOfOtherVersionsAreCounted) {
  Fuzzer fuzzer;
  fuzzer.name = "a_fuzzer";
  fuzzer.input_version = 2;
  write("corpus/a_fuzzer-2/x", "");
  write("corpus/a_fuzzer-1/x", "");
  write("corpus/a_fuzzer-1/y", "");
  write("corpus/b_fuzzer-2/x", "");
  write("corpus/skipped/a_fuzzer-2/x", "");
  EXPECT_EQ(count_others(folder_ / "corpus", folder_ / "corpus/skipped", {fuzzer}), 3);
  EXPECT_EQ(count_others(folder_ / "none", folder_ / "none/skipped", {fuzzer}), 0);
}

}  // namespace
}  // namespace sklab
