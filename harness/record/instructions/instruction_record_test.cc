// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/instructions/instruction_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "harness/record/instructions/example_instructions.h"
#include "harness/record/instructions/instruction_json.h"
#include "harness/record/instructions/instruction_table.h"

namespace sklab {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TEST(InstructionJson, ReadsBackAsItWas) {
  const InstructionRecord record = example_instructions();
  const std::string text = instruction_json(record);
  EXPECT_EQ(text.back(), '\n');
  const auto parsed = parse_instruction_json(text);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(instruction_json(*parsed), text);
  EXPECT_EQ(parsed->seed, record.seed);
  EXPECT_EQ(parsed->fingerprint, record.fingerprint);
  ASSERT_EQ(parsed->rows.size(), record.rows.size());
  for (size_t i = 0; i < record.rows.size(); ++i) {
    EXPECT_EQ(parsed->rows[i].status, record.rows[i].status);
    EXPECT_EQ(parsed->rows[i].instructions, record.rows[i].instructions);
    EXPECT_EQ(parsed->rows[i].residue, record.rows[i].residue);
    EXPECT_EQ(parsed->rows[i].profile.has_value(), record.rows[i].profile.has_value());
  }
  ASSERT_EQ(parsed->calibrations.size(), 2U);
  EXPECT_TRUE(parsed->calibrations[1].passed());
}

TEST(InstructionJson, CountsBelowZeroAreKept) {
  // The empty loop may take more than a lookup's loop.
  InstructionRecord record = example_instructions();
  record.rows[0].instructions = -5;
  record.calibrations[0].counted = -1;
  const auto parsed = parse_instruction_json(instruction_json(record));
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->rows[0].instructions, -5);
  EXPECT_FALSE(parsed->calibrations[0].passed());
}

TEST(InstructionJson, NamesTheFieldThatIsWrong) {
  const json whole = json::parse(instruction_json(example_instructions()));
  const auto error_of = [&](const char *pointer, const json &value) {
    json document = whole;
    document[json::json_pointer(pointer)] = value;
    const auto parsed = parse_instruction_json(document.dump());
    if (parsed) return std::string("it is read");
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
    return parsed.error().message();
  };
  for (const char *pointer : {"/seed", "/rows/1/residue", "/rows/1/difference/reference",
                              "/rows/1/profile/added", "/calibrations/1/counted", "/symbols/0"}) {
    EXPECT_THAT(error_of(pointer, json::object()), HasSubstr(pointer));
  }
  EXPECT_THAT(error_of("/rows/0/lookups", -1), HasSubstr("/rows/0/lookups"));
  EXPECT_THAT(error_of("/rows/0/status", "fine"), HasSubstr("ok, failed or skipped"));
  EXPECT_THAT(error_of("/schema_version", 2), HasSubstr("expected version 1, not 2"));
}

TEST(InstructionsText, HasDecimalsOnlyWhereThereIsAFraction) {
  EXPECT_EQ(instructions_text(344), "344");
  EXPECT_EQ(instructions_text(0), "0");
  EXPECT_EQ(instructions_text(512.5), "512.50");
  EXPECT_EQ(instructions_text(177, true), "+177");
  EXPECT_EQ(instructions_text(-0.25, true), "-0.25");
}

TEST(InstructionTable, OfTheExample) {
  EXPECT_EQ(
      instruction_table(example_instructions()),
      R"(kernel 6.12.0; Example CPU; 2 CPUs; under KVMKVMKVM; default run, seed 18446744073709551615, sklab
  0123456789ab
instructions that one processor executes for a lookup, what the loop around it takes taken off;
  every count was made twice

udp4                            instructions/lookup  difference
  key_off                                       382
  pass                                          512  +130 vs key_off
  many                                       512.50
      30 of 33 packets take as many, the median
  unsteady                                   512.06
      not exact: two counts of 16 lookups differ by 3
  drop                                       FAILED
      find the right socket: 1 of 2 lookups found another

udp4_cpus                       instructions/lookup  difference
  key_off_same                              skipped
      instructions are counted on one CPU

self-checks
  PASS calibration of 2 populations: 100 instructions added are 100 counted

warnings
  the JIT is off
)");
}

TEST(InstructionMarkdown, OfTheExample) {
  EXPECT_EQ(instruction_markdown(example_instructions()),
            R"(# sklab bench --clock instructions 20261123T185500Z-abc123

kernel 6.12.0; Example CPU; 2 CPUs; under KVMKVMKVM; default run, seed 18446744073709551615, sklab 0123456789ab.

Counted are instructions that one processor executes for a lookup, what the loop around it takes taken off; every count was made twice.

| row | instructions/lookup | difference | |
|---|--:|---|---|
| udp4/key\_off | 382 |  | a row \| of the example |
| udp4/pass | 512 | +130 vs key\_off | a row \| of the example |
| udp4/many | 512.50 |  | 30 of 33 packets take as many, the median |
| udp4/unsteady | 512.06 |  | not exact: two counts of 16 lookups differ by 3 |
| udp4/drop | FAILED |  | find the right socket: 1 of 2 lookups found another |
| udp4\_cpus/key\_off\_same | skipped |  | instructions are counted on one CPU |

- PASS calibration of 2 populations: 100 instructions added are 100 counted
- warning: the JIT is off

```sh
sklab bench --clock instructions --seed 18446744073709551615
```
)");
}

TEST(InstructionTable, ResidueAndReasonSayMoreThanPackets) {
  InstructionRecord record = example_instructions();
  InstructionRow row = record.rows[2];
  record.rows = {row};
  EXPECT_THAT(instruction_table(record), HasSubstr("30 of 33 packets"));
  record.rows[0].packets_alike = 33;
  EXPECT_THAT(instruction_table(record), Not(HasSubstr("packets")));
  record.rows[0].packets_alike = 30;
  record.rows[0].residue = 7;
  EXPECT_THAT(instruction_table(record), HasSubstr("two counts of 16 lookups differ by 7"));
  EXPECT_THAT(instruction_table(record), Not(HasSubstr("packets")));
  record.rows[0].reason = "made up";
  EXPECT_THAT(instruction_table(record), HasSubstr("made up"));
  EXPECT_THAT(instruction_table(record), Not(HasSubstr("differ by")));
}

TEST(InstructionTable, ShowsNoNumberOfARowThatFailed) {
  InstructionRecord record = example_instructions();
  record.rows = {record.rows[1]};
  record.rows[0].status = RowStatus::kFailed;
  record.rows[0].difference.reset();
  for (const std::string &text : {instruction_table(record), instruction_markdown(record)}) {
    EXPECT_THAT(text, HasSubstr("FAILED"));
    EXPECT_THAT(text, Not(HasSubstr("512")));
  }
}

TEST(InstructionTable, ShowsEachCalibrationThatFailedAndHowManyDidNot) {
  InstructionRecord record = example_instructions();
  record.calibrations[1].counted = 99;
  for (const std::string &text : {instruction_table(record), instruction_markdown(record)}) {
    EXPECT_THAT(text, HasSubstr("FAIL calibration of tcp4/key"));
    EXPECT_THAT(text, HasSubstr("100 instructions added are 99 counted"));
    EXPECT_THAT(text, HasSubstr("PASS calibration of 1 populations"));
  }
  record.calibrations = {record.calibrations[1]};
  EXPECT_THAT(instruction_table(record), Not(HasSubstr("PASS")));
  record.calibrations.clear();
  EXPECT_THAT(instruction_table(record), Not(HasSubstr("self-checks")));
}

TEST(InstructionTable, IsOf100ColumnsWhateverTheNamesAndNumbers) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    InstructionRecord record = example_instructions();
    for (InstructionRow &row : record.rows) {
      row.name.insert(random() % row.name.size(), std::string(random() % 80, 'n'));
      row.reason += std::string(random() % 150, 'r');
      row.instructions_per_lookup = static_cast<double>(random() % 1'000'000'000'000) / 16;
      row.difference = InstructionDifference{row.name + "x", row.instructions_per_lookup};
    }
    record.fingerprint.cpu_model = std::string(random() % 200, 'c');
    record.calibrations[0].row = std::string(random() % 200, 'p');
    record.calibrations[0].counted = -1;
    record.warnings.emplace_back(1 + random() % 300, 'w');
    std::istringstream lines(instruction_table(record));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(line.size(), 100U) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
    }
  }
}

TEST(InstructionTable, OfNoRowsIsWritten) {
  InstructionRecord record = example_instructions();
  record.rows.clear();
  EXPECT_FALSE(instruction_table(record).empty());
  EXPECT_FALSE(instruction_markdown(record).empty());
}

}  // namespace
}  // namespace sklab
