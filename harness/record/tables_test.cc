// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <sstream>

#include "harness/record/markdown.h"
#include "harness/record/test_record.h"
#include "harness/record/text_table.h"

namespace sklab {
namespace {

using testing::HasSubstr;

TEST(TextTable, OfTheExample) {
  EXPECT_EQ(text_table(example_record()),
            R"(kernel 6.18.0; Example CPU; 2 CPUs; under KVMKVMKVM
default run of 84 s, seed 18446744073709551615, sklab 0123456789ab
ns/lookup: median of the batches; +-: half its 95 % interval; p1, p99: of batches
taken off: the empty loop's 10.5 to 10.5 ns, measured in the same rounds

udp4                           ns/lookup      +-      p1     p99  difference
  key_off                           77.5     0.2    76.5    78.4
  pass                             130.2     0.2   129.3   131.1  +52.8 +-0.2 vs key_off
  drop                            FAILED
      find the right socket: 1 of 2 lookups found another

udp4_range                     ns/lookup      +-      p1     p99  difference
  bound                            67018       0   67017   67018
      180.1 MB of kernel memory, set up in 343.9 ms, 65538 sockets

udp4_cpus                      ns/lookup      +-      p1     p99  difference
  key_off_same                   skipped
      needs at least two CPUs

the program by itself (path test_run): not a lookup, not to be compared with the rows above
udp4_program_alone             ns/lookup      +-      p1     p99  difference
  pass                              32.5     0.2    31.5    33.4

self-checks
  PASS a_a_control of udp4/key_off: 0.020 [-0.160, 0.220] ns; expected: near 0
  FAIL residual_overhead of udp4/key_off: 3.000 [2.000, 4.000] ns; expected: below 2

warnings
  noisy machine: 4 % lost
)");
}

TEST(TextTable, IsAsciiOf100ColumnsWhateverTheNamesAndNumbers) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    RunRecord record = example_record();
    for (RowRecord &row : record.rows) {
      row.name += std::string(random() % 80, 'n');
      row.reason += std::string(random() % 150, 'r');
      const double magnitude = std::pow(10.0, static_cast<double>(random() % 12));
      row.latency_ns = {magnitude, -magnitude, 3 * magnitude};
      row.difference = RowDifference{row.name, row.latency_ns};
    }
    record.fingerprint.cpu_model = std::string(random() % 200, 'c');
    record.warnings.emplace_back(random() % 300, 'w');
    std::istringstream lines(text_table(record));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << line;
      for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
    }
  }
}

TEST(Markdown, HasEveryRowAndHowToReproduce) {
  const std::string page = markdown_report(example_record());
  for (const RowRecord &row : example_record().rows) {
    const std::string name = row.name.substr(row.name.find('/') + 1, 3);
    EXPECT_THAT(page, HasSubstr("| " + name));
  }
  EXPECT_THAT(page, HasSubstr("sklab bench --seed 18446744073709551615"));
  EXPECT_THAT(page, HasSubstr("a row \\| of the example"));
  EXPECT_THAT(page, HasSubstr("| kernel\\_release | 6.18.0 |"));
  EXPECT_THAT(page, HasSubstr("FAILED"));
}

TEST(Markdown, GivesTheSeedOnce) {
  RunRecord record = example_record();
  record.command_line = "sklab bench --seed 5";
  record.seed = 5;
  EXPECT_THAT(markdown_report(record), HasSubstr("\nsklab bench --seed 5\n"));
}

}  // namespace
}  // namespace sklab
