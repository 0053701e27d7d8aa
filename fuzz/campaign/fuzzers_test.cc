// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/fuzzers.h"

#include <gtest/gtest.h>

#include "fuzz/campaign/test_folder.h"

namespace sklab {
namespace {

constexpr char kInfo[] =
    R"({"name": "a_fuzzer", "needs_kernel": true, "input_version": 3, "most_input_bytes": 9, "record_bytes": 4})";

class FuzzersTest : public TestFolder {
 protected:
  void write_program(const std::string &name, const std::string &script) const {
    write(name, "#!/bin/sh\n" + script);
    std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_all);
  }
  void write_fuzzer(const std::string &name) const {
    write_program(name, "echo '{\"name\": \"" + name +
                            "\", \"needs_kernel\": false, \"input_version\": 1, "
                            "\"most_input_bytes\": 10, \"record_bytes\": 1}'");
  }
};

TEST(ParseFuzzerInfo, ReadsWhatTargetsPrint) {
  const auto fuzzer = parse_fuzzer_info(kInfo);
  ASSERT_TRUE(fuzzer) << fuzzer.error().message();
  EXPECT_EQ(fuzzer->name, "a_fuzzer");
  EXPECT_TRUE(fuzzer->needs_kernel);
  EXPECT_EQ(fuzzer->input_version, 3);
  EXPECT_EQ(fuzzer->most_input_bytes, 9);
  EXPECT_EQ(fuzzer->record_bytes, 4);
  for (const char *text : {"", "{}", "usage: ...", R"({"name": 1})"}) {
    EXPECT_FALSE(parse_fuzzer_info(text)) << text;
  }
}

TEST_F(FuzzersTest, AreFoundWithWhatLiesBesideThem) {
  write_fuzzer("b_fuzzer");
  write_fuzzer("a_fuzzer");
  write("a_fuzzer.dict", "");
  write("a_fuzzer_seed_corpus/seed", "");
  write("not_executable_fuzzer", "");
  write_program("something_else", "exit 1");
  const auto fuzzers = find_fuzzers(folder_);
  ASSERT_TRUE(fuzzers) << fuzzers.error().message();
  ASSERT_EQ(fuzzers->size(), 2);
  EXPECT_EQ((*fuzzers)[0].name, "a_fuzzer");
  EXPECT_EQ((*fuzzers)[0].dictionary, folder_ / "a_fuzzer.dict");
  EXPECT_EQ((*fuzzers)[0].seeds, folder_ / "a_fuzzer_seed_corpus");
  EXPECT_EQ((*fuzzers)[1].dictionary, "");
  EXPECT_EQ((*fuzzers)[1].program, folder_ / "b_fuzzer");

  EXPECT_EQ(select_fuzzers(*fuzzers, {})->size(), 2);
  const auto one = select_fuzzers(*fuzzers, {"b_fuzzer"});
  ASSERT_EQ(one->size(), 1);
  EXPECT_EQ(one->front().name, "b_fuzzer");
  EXPECT_EQ(select_fuzzers(*fuzzers, {"c_fuzzer"}).error().kind, ErrorKind::kUsage);
}

TEST_F(FuzzersTest, NoneAreASkipThatSaysWhatToDo) {
  const auto none = find_fuzzers(folder_);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(none.error().message().find("scripts/fuzz"), std::string::npos);
}

TEST_F(FuzzersTest, AProgramThatSaysSomethingElseIsAnError) {
  write_program("strange_fuzzer", "echo hello");
  const auto strange = find_fuzzers(folder_);
  ASSERT_FALSE(strange);
  EXPECT_NE(strange.error().message().find("strange_fuzzer"), std::string::npos);
}

}  // namespace
}  // namespace sklab
