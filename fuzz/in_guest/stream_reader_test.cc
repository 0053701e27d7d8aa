// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/stream_reader.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

std::string frame(StreamKind kind, std::string_view payload) {
  return encode_frame(static_cast<uint8_t>(kind), payload);
}

std::string named(const std::string &name, const std::string &content) {
  return name + '\0' + content;
}

const std::string kSha1(40, 'a');

TEST(StreamReader, TakesAllThatAFuzzerSends) {
  StreamReader reader;
  std::vector<std::string> kept;
  reader.keeps_input = [&](const NamedPayload &input) -> Result<> {
    kept.push_back(input.name + "=" + input.content);
    return Ok{};
  };
  Fingerprint kernel;
  kernel.kernel_release = "6.12.9";
  std::string stream =
      frame(StreamKind::kKernel, encode_stream_kernel(kernel)) + frame(StreamKind::kInput, "one") +
      frame(StreamKind::kCorpusInput, named(kSha1, "one")) + frame(StreamKind::kInput, "two") +
      frame(StreamKind::kBlocks, encode_stream_blocks(std::vector<uint64_t>{7})) +
      frame(StreamKind::kFigures, encode_stream_figures({2, 100, 5, 0})) +
      frame(StreamKind::kFindingFile, named("a_fuzzer-12/finding.json", "{}"));
  for (const char byte : stream) ASSERT_TRUE(reader.add(std::string(1, byte)));
  EXPECT_EQ(reader.kernel()->kernel_release, "6.12.9");
  EXPECT_EQ(reader.inputs_begun(), 2U);
  EXPECT_EQ(reader.inputs(), (std::deque<std::string>{"one", "two"}));
  EXPECT_EQ(kept, std::vector<std::string>{kSha1 + "=one"});
  EXPECT_EQ(reader.figures(), (StreamFigures{2, 100, 5, 0}));
  EXPECT_EQ(reader.take_blocks(), std::vector<uint64_t>{7});
  EXPECT_TRUE(reader.take_blocks().empty());
  EXPECT_EQ(reader.finding_files().at("a_fuzzer-12/finding.json"), "{}");
}

TEST(StreamReader, KeepsTheLastInputsOnly) {
  StreamReader reader;
  for (size_t i = 0; i < 3 * StreamReader::kMostInputs; ++i) {
    ASSERT_TRUE(reader.add(frame(StreamKind::kInput, std::to_string(i))));
  }
  EXPECT_EQ(reader.inputs().size(), StreamReader::kMostInputs);
  EXPECT_EQ(reader.inputs().back(), "383");
}

// A guest whose memory is broken sends anything, and nothing of it is to reach other files of the
// host.
TEST(StreamReader, NamesThatLeadElsewhereAreRefused) {
  for (const char *name : {"", "../a", "/etc/passwd", "a/../b", "a/b/c", "/a", "a/", "a"}) {
    StreamReader reader;
    EXPECT_FALSE(reader.add(frame(StreamKind::kFindingFile, named(name, "x")))) << name;
    StreamReader other;
    EXPECT_FALSE(other.add(frame(StreamKind::kCorpusInput, named(name, "x")))) << name;
  }
  StreamReader reader;
  EXPECT_FALSE(reader.add(std::string(100, '\xff')));
}

}  // namespace
}  // namespace sklab
