// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate/renderers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <sstream>

#include "harness/record/test_record.h"

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::Not;

GateRecord with_row(const GateRow &row) {
  GateRecord record = example_gate();
  record.rows = {row};
  return record;
}

TEST(GateFiles, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const GateFile &file : gate_files()) names.insert(file.name);
  EXPECT_EQ(names.size(), gate_files().size());
}

TEST(GateFiles, ShowNoNumberOfARowThatFailed) {
  GateRow row = example_gate().rows[1];
  row.verdict = Verdict::kFailed;
  for (const GateFile &file : gate_files()) {
    if (file.name == std::string("gate.json")) continue;  // the record as it is
    const std::string text = file.render(with_row(row));
    EXPECT_THAT(text, Not(HasSubstr("130."))) << file.name;
    EXPECT_THAT(text, Not(HasSubstr("4.8"))) << file.name;
  }
}

TEST(GateFiles, AreWrittenOfAGateWithoutRowsAndOfNumbersThatAreNotFinite) {
  GateRow row = example_gate().rows[1];
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  row.candidate = {100, -kInfinity, kInfinity};
  row.change = {0, std::nan(""), kInfinity};
  GateRecord empty = example_gate();
  empty.rows = {};
  for (const GateFile &file : gate_files()) {
    EXPECT_FALSE(file.render(empty).empty() && file.name != std::string("github_annotations.txt"));
    EXPECT_FALSE(file.render(with_row(row)).empty()) << file.name;
  }
}

TEST(GateGithubAnnotations, EscapeWhatEndsAPropertyOrACommand) {
  GateRow row = example_gate().rows[0];
  row.name = "a:b,c%";
  row.reason = "50 % of a:b,c";
  EXPECT_EQ(gate_github_annotations(with_row(row)),
            "::error title=FAILED%3A a%3Ab%2Cc%25::50 %25 of a:b,c\n");
}

TEST(GateGithubAnnotations, AreOfThreeKinds) {
  std::string commands;
  std::istringstream lines(gate_github_annotations(example_gate()));
  for (std::string line; std::getline(lines, line);) commands += line.substr(2, 1);
  EXPECT_EQ(commands, "eewnew");
}

TEST(GateCoverLetter, IsAsciiOf72ColumnsWhateverTheNamesAndNumbers) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    GateRecord record = example_gate(" \xe2\x82\xac");
    for (GateRow &row : record.rows) {
      row.name += std::string(random() % 80, 'n');
      const double magnitude = std::pow(10.0, static_cast<double>(random() % 12));
      row.base = row.candidate = {magnitude, -magnitude, 3 * magnitude};
      row.change = {magnitude, -magnitude, 3 * magnitude};
    }
    record.candidate.fingerprint.cpu_model = std::string(random() % 100, 'c');
    std::istringstream lines(gate_cover_letter(record));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 72U) << line;
      for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
    }
  }
}

TEST(GateCoverLetter, DoesNotCutTheCommand) {
  GateRecord record = example_gate();
  record.command_line = "sklab gate --base " + std::string(90, 'b') + " --cpu 3";
  EXPECT_THAT(gate_cover_letter(record), HasSubstr("\n  " + record.command_line + " --seed 7\n"));
}

}  // namespace
}  // namespace sklab
