// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/c_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "c_headers.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

size_t occurrences(const std::string &text, std::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(CSource, IsOneFileWithHowToRunIt) {
  const std::string text = stand_alone_c("What it is about.\n",
                                         "#include \"fuzz/target/c/sockets.h\"\n"
                                         "#include \"fuzz/target/c/netns.h\"\n"
                                         "#include <stdio.h>\n\n"
                                         "int main(void)\n{\n\treturn 0;\n}\n");
  EXPECT_THAT(text, StartsWith("/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */\n"
                               "/*\n * What it is about.\n *\n * Build"));
  EXPECT_THAT(text, HasSubstr("cc -o reproducer reproducer.c -lbpf"));
  EXPECT_THAT(text, Not(HasSubstr("#include \"")));
  EXPECT_THAT(text, Not(HasSubstr("#pragma once")));
  EXPECT_THAT(text, Not(HasSubstr("\n\n\n")));
  EXPECT_EQ(occurrences(text, "SPDX"), 1);
  EXPECT_EQ(occurrences(text, "#include <stdio.h>"), 1);
  EXPECT_EQ(occurrences(text, "static void die("), 1);
  EXPECT_LT(text.rfind("#include <"), text.find("static void die("));
  EXPECT_LT(text.find("static void die("), text.find("static int open_bound("));
  EXPECT_TRUE(text.ends_with("int main(void)\n{\n\treturn 0;\n}\n"));
}

// Any of the common headers by itself, and all of them together.
TEST(CSource, HeadersCompile) {
  std::string everything;
  std::vector<std::string> programs;
  for (const auto &[name, text] : c_headers::kEmbeddedTexts) {
    programs.push_back(fmt::format("#include \"{}\"\n", name));
    everything += programs.back();
  }
  programs.push_back(everything);
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / fmt::format("c_source_test.{}.c", ::getpid());
  for (const std::string &code : programs) {
    ASSERT_TRUE(write_file_atomically(
        file, stand_alone_c("A test.", code + "\nint main(void)\n{\n\treturn 0;\n}\n")));
    const std::string compile =
        fmt::format("cc -fsyntax-only -O1 -Wall -Wextra -Werror {}", file.string());
    EXPECT_EQ(std::system(compile.c_str()), 0) << code;
  }
  std::filesystem::remove(file);
}

TEST(CSource, NothingEndsALiteralOrAComment) {
  EXPECT_EQ(c_string("a \"b\"\\\n\x01"), R"("a \"b\"\\\012\001")");
  EXPECT_EQ(c_comment("a line"), "/* a line */\n");
  EXPECT_EQ(c_comment("a */ b\n\n/* c\n"), "/*\n * a * / b\n *\n * / * c\n */\n");
}

TEST(CSource, ResultsHaveTheirNames) {
  EXPECT_EQ(c_result(0), "0");
  EXPECT_EQ(c_result(-EEXIST), "-EEXIST");
  EXPECT_EQ(c_result(-4000), "-4000");
  EXPECT_EQ(c_result(17), "17");
}

}  // namespace
}  // namespace sklab
