// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/live.h"

#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "fuzz/campaign/duration.h"
#include "fuzz/campaign/log_file.h"
#include "fuzz/campaign/test_folder.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

LiveFigures example_figures() {
  return {.elapsed_s = 83.4,
          .total_s = 600,
          .executions = 123456,
          .checked = 31604736,
          .corpus_inputs = 3449,
          .coverage = 542,
          .findings = 1,
          .known_findings = 0,
          .running = {"semantics_fuzzer.0"}};
}

TEST(LiveLine, FitsTheTerminal) {
  const LiveRates rates{1512.4, 386214};
  EXPECT_EQ(live_line(example_figures(), rates, 120),
            "fuzz 1:23/10:00 1.5k runs/s 386k checks/s corpus 3449 cov 542 findings 1  "
            "semantics_fuzzer.0");
  EXPECT_EQ(live_line(example_figures(), rates, 80).size(), 79);
  LiveFigures endless = example_figures();
  endless.total_s.reset();
  endless.known_findings = 7;
  endless.running.clear();
  EXPECT_EQ(live_line(endless, {}, 120),
            "fuzz 1:23 0 runs/s 0 checks/s corpus 3449 cov 542 findings 1 known 7  ");
}

TEST(LiveJson, IsOneLine) {
  const std::string line = live_json(example_figures(), {1512.4, 386214});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["event"], "progress");
  EXPECT_EQ(json["executions_per_s"], 1512);
  EXPECT_EQ(json["running"][0], "semantics_fuzzer.0");
}

class LiveStream : public ::testing::Test {
 protected:
  void TearDown() override { std::fclose(file_); }
  [[nodiscard]] std::string text() const {
    std::string text(static_cast<size_t>(std::ftell(file_)), '\0');
    std::rewind(file_);
    EXPECT_EQ(std::fread(text.data(), 1, text.size(), file_), text.size());
    return text;
  }
  std::FILE *file_ = std::tmpfile();
  double now_s_ = 0;
};

TEST_F(LiveStream, ElsewhereThereIsAnObjectASecond) {
  Live live(file_, {std::nullopt, [this] { return now_s_; }});
  LiveFigures figures = example_figures();
  for (int i = 0; i < 40; ++i, now_s_ += 0.1) {
    figures.elapsed_s = now_s_;
    figures.executions += 100;
    live.update(figures);
  }
  live.event("finding", "a_fuzzer", "a \"signature\"");
  live.finish();
  std::istringstream lines(text());
  std::vector<nlohmann::json> objects;
  for (std::string line; std::getline(lines, line);) objects.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(objects.size(), 5);
  EXPECT_EQ(objects[3]["executions_per_s"], 1000);
  EXPECT_EQ(objects[4]["event"], "finding");
  EXPECT_EQ(objects[4]["text"], "a \"signature\"");
}

TEST_F(LiveStream, OnATerminalTheLineIsClearedForOtherOutput) {
  Live live(file_, {80, [this] { return now_s_; }});
  live.update(example_figures());
  live.event("finding", "a_fuzzer", "signature");
  const std::string written = text();
  EXPECT_NE(written.find("\r\x1b[Kfuzz 1:23"), std::string::npos);
  EXPECT_TRUE(written.ends_with("\r\x1b[Kfinding: a_fuzzer: signature\n")) << written;
}

TEST(ParseDuration, KnowsTheUnits) {
  EXPECT_EQ(*parse_duration_s("60s"), 60);
  EXPECT_EQ(*parse_duration_s("90"), 90);
  EXPECT_EQ(*parse_duration_s("1.5m"), 90);
  EXPECT_EQ(*parse_duration_s("2h"), 7200);
  EXPECT_EQ(*parse_duration_s("1d"), 86400);
  EXPECT_EQ(*parse_duration_s("0"), 0);
  for (const char *text : {"", "s", "-1s", "1 s", "1w", "nan", "inf", "1e9", "s1", "1ss"}) {
    EXPECT_EQ(parse_duration_s(text).error().kind, ErrorKind::kUsage) << text;
  }
}

using LogFileTest = TestFolder;

TEST_F(LogFileTest, IsContinuedAndBounded) {
  for (const char *text : {"one\n", "two\n"}) {
    auto log = LogFile::open(folder_ / "log");
    ASSERT_TRUE(log);
    ASSERT_TRUE(log->write(text));
  }
  EXPECT_EQ(*read_file(folder_ / "log"), "one\ntwo\n");
  auto log = LogFile::open(folder_ / "log");
  const std::string chunk(1 << 20, 'x');
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(log->write(chunk));
  EXPECT_LE(std::filesystem::file_size(folder_ / "log"), LogFile::kMostBytes + chunk.size());
  EXPECT_LE(std::filesystem::file_size(folder_ / "log.old"),
            LogFile::kMostBytes + 2 * chunk.size());
}

TEST_F(LogFileTest, AFullDiskIsAnError) {
  auto full = LogFile::open("/dev/full");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->write("x").error().error_number, ENOSPC);
}

}  // namespace
}  // namespace sklab
