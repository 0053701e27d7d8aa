// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/compare_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "harness/base/child_process.h"
#include "harness/record/compare/compare_json.h"
#include "harness/record/compare/compare_table.h"
#include "harness/record/compare/example_compare.h"
#include "harness/record/instructions/instruction_table.h"

namespace sklab {
namespace {

using nlohmann::json;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> kernel_names(size_t count, const std::string &name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < count; ++i) names.push_back(name + std::to_string(i));
  return names;
}

// Every kernel's count and change of every row that has them.
void expect_all_numbers(const CompareRecord &record, const std::string &table) {
  for (const ComparedRow &row : record.rows) {
    for (const ComparedCell &cell : row.cells) {
      if (cell.status != RowStatus::kOk) continue;
      EXPECT_THAT(table, HasSubstr(" " + instructions_text(cell.per_lookup)));
      if (!cell.delta || cell.verdict == Verdict::kNoChange) continue;
      EXPECT_THAT(table, ContainsRegex(" [" + instructions_text(*cell.delta, true).insert(1, "]") +
                                       "~?( |\n)"));
    }
  }
}

// The command's words, each in brackets.
std::string as_a_shell_reads(const std::string &command) {
  const auto words = output_of({{"/bin/sh", "-c", "printf '[%s]' " + command}, {}, -1}, 10);
  EXPECT_TRUE(words) << command;
  return words.value_or("");
}

std::string command_in(const std::string &table) {
  return table.substr(table.rfind("\nsklab compare") + 1);
}

void expect_letter(const std::string &text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 72U) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
    for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
  }
}

TEST(CompareJson, ReadsBackAsItWas) {
  const CompareRecord record = example_compare();
  const std::string text = compare_json(record);
  const auto parsed = parse_compare_json(text);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(compare_json(*parsed), text);
  EXPECT_EQ(parsed->kernels[2].fingerprint, record.kernels[2].fingerprint);
  ASSERT_EQ(parsed->rows.size(), record.rows.size());
  for (size_t i = 0; i < record.rows.size(); ++i) {
    for (size_t kernel = 0; kernel < 3; ++kernel) {
      EXPECT_EQ(parsed->rows[i].cells[kernel].verdict, record.rows[i].cells[kernel].verdict);
      EXPECT_EQ(parsed->rows[i].cells[kernel].status, record.rows[i].cells[kernel].status);
      EXPECT_EQ(parsed->rows[i].cells[kernel].delta, record.rows[i].cells[kernel].delta);
    }
  }
  EXPECT_EQ(parsed->rows[1].functions[1].owner, "veth");
  EXPECT_EQ(parsed->changed_cases[0].results, record.changed_cases[0].results);
}

TEST(CompareJson, NamesTheFieldThatIsWrong) {
  const json whole = json::parse(compare_json(example_compare()));
  for (const char *pointer :
       {"/guest_seed", "/kernels/2/trouble", "/rows/1/cells/2/verdict", "/rows/1/cells/0/delta",
        "/rows/1/functions/0/instructions_per_lookup/2", "/changed_cases/0/results/1", "/cases"}) {
    json document = whole;
    document[json::json_pointer(pointer)] = json::object();
    const auto parsed = parse_compare_json(document.dump());
    ASSERT_FALSE(parsed) << pointer;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(parsed.error().message(), HasSubstr(pointer));
  }
}

TEST(CompareTable, OfTheExample) {
  EXPECT_EQ(compare_table(example_compare()), R"(old: Linux 6.1.170 (6.1)
new: Linux 6.12.9 (6.12)
patched: Linux 6.12.9+ (bzImage)
  its log: WARNING: CPU: 0 PID: 1 at net/core/filter.c:1 f+0x1/0x2
2 of 6 rows have other counts than on old, 2 may have

instructions per lookup            old      new  change  patched  change
udp4
  key_off                          382      382       =      382       =
  pass                             512      513      +1   499.50  -12.50
  unsteady                         700   700.25  +0.25~      710    +10~
tcp4
  other                            382      400       ?      382       =
  drop                             382   FAILED              382       =

=: the same; ~: not exact; ?: cannot be compared; -: not counted
  tcp4/other on new: it is not the same row as the base's
  tcp4/drop on new: find the right socket: 1 of 2 lookups found another

instructions by function, of one packet
instructions per lookup            old      new  change  patched  change
  udp4/pass
    udp4_lib_lookup2                80       81      +1       60     -20
      udp.c:537                     20       20       =        0     -20
      udp.c:540                      0        1      +1        0       =
    made_up                          7        7       =    14.50   +7.50

answers: 1 of 120 conformance cases differ
  assign_results/busy
    old: pass
    new: xfail: a known bug
    patched: not there
warning: made up

sklab compare --kernel old=6.1 --kernel new=6.12 \
    --kernel patched=bzImage --seed 1
)");
}

TEST(CompareMarkdown, OfTheExample) {
  EXPECT_EQ(compare_markdown(example_compare()), R"(# sklab compare 20261123T191500Z-def456

2 of 6 rows have other counts than on old, 2 may have.

- old: Linux 6.1.170
- new: Linux 6.12.9
- patched: Linux 6.12.9+
  - its log: WARNING: CPU: 0 PID: 1 at net/core/filter.c:1 f+0x1/0x2

| instructions per lookup | old | new | patched |
|---|--:|--:|--:|
| udp4/key\_off | 382 | 382 = | 382 = |
| udp4/pass | 512 | 513 (**+1**) | 499.50 (**-12.50**) |
| udp4/unsteady | 700 | 700.25 (+0.25) | 710 (**+10**) |
| tcp4/other | 382 | 400 (?) | 382 = |
| tcp4/drop | 382 | **failed** | 382 = |
| udp4\_cpus/key\_off\_same | skipped | skipped | skipped |

- tcp4/other on new: it is not the same row as the base's
- tcp4/drop on new: find the right socket: 1 of 2 lookups found another

1 of 120 conformance cases differ.

| case | old | new | patched |
|---|---|---|---|
| assign\_results/busy | pass | xfail |  |

Warning: made up

```sh
sklab compare --kernel old=6.1 --kernel new=6.12 --kernel patched=bzImage --seed 1
```
)");
}

TEST(CompareTable, IsAsciiOf72ColumnsWithEveryNumberHoweverManyKernels) {
  std::mt19937_64 random(1);
  for (const size_t count : {2, 3, 5, 11}) {
    for (const char *name :
         {"k", "a-name-of-16-col", "a name \xe2\x82\xac of more than any column"}) {
      CompareRecord record = example_compare(kernel_names(count, name));
      record.command_line = "sklab compare";
      for (const ComparedKernel &kernel : record.kernels) {
        record.command_line += " --kernel " + kernel.name.substr(0, 1) + "=some/path/to/a/bzImage";
      }
      for (ComparedRow &row : record.rows) {
        row.name += std::string(random() % 80, 'n');
        for (ComparedCell &cell : row.cells) {
          // Up to columns of 8 and 8: no whole numbers, so that they have decimals.
          cell.per_lookup = static_cast<double>(random() % 99998) + 0.25;
          cell.reason += " \xe2\x82\xac " + std::string(random() % 150, 'r');
          if (cell.delta) cell.delta = static_cast<double>(random() % 9998) + 0.25;
        }
      }
      record.kernels[1].trouble = std::string(random() % 150, 't');
      record.changed_cases[0].reasons[0] = std::string(random() % 150, 'r') + "\nmore";
      record.warnings = {std::string(random() % 150, 'w') + " \xe2\x82\xac"};
      const std::string table = compare_table(record);
      expect_letter(table);
      expect_all_numbers(record, table);
    }
  }
}

TEST(CompareTable, CutsNoNumberOfAnySize) {
  for (double count = 1.25; count < 1e6; count = 10 * count + 2.5) {
    CompareRecord record = example_compare();
    for (ComparedRow &row : record.rows) {
      for (ComparedCell &cell : row.cells) {
        cell.per_lookup = count;
        cell.residue = 1;
        if (cell.delta) cell.delta = -count;
      }
    }
    expect_letter(compare_table(record));
    expect_all_numbers(record, compare_table(record));
  }
}

TEST(CompareTable, DoesNotCutTheCommand) {
  CompareRecord record = example_compare();
  const std::string path = "--kernel=a=/" + std::string(90, 'p');
  record.command_line = "sklab compare " + path + " --kernel b=6.12 --filter " +
                        std::string(50, 'f') + " --quick --seed 5";
  const std::string table = compare_table(record);
  EXPECT_THAT(table, HasSubstr(" " + path + " \\\n"));
  EXPECT_EQ(as_a_shell_reads(command_in(table)), as_a_shell_reads(record.command_line));
}

TEST(CompareTable, BreaksTheCommandOnlyWhereAShellJoinsIt) {
  for (const char *value :
       {"'a -b  -c'", "''\\'' -b'", "\\'", "'\\' -b", "'' -b", "'a\\'\\'' -b \\'", "a"}) {
    for (const size_t size : {1, 40, 60, 68, 69, 70, 71, 72}) {
      CompareRecord record = example_compare();
      record.command_line = "sklab compare --filter " + std::string(value) +
                            " --output=" + std::string(size, 'o') + " --filter " + value +
                            " --seed 5";
      const std::string read = as_a_shell_reads(command_in(compare_table(record)));
      EXPECT_EQ(read, as_a_shell_reads(record.command_line)) << value;
      EXPECT_THAT(read, HasSubstr("[--seed]"));
    }
  }
}

TEST(CompareTable, ShowsNoNumberOfARowThatFailed) {
  CompareRecord record = example_compare();
  record.rows = {record.rows[4]};
  record.rows[0].cells[1].per_lookup = 12345;
  for (const std::string &text : {compare_table(record), compare_markdown(record)}) {
    EXPECT_THAT(text, Not(HasSubstr("12345")));
    EXPECT_THAT(text, HasSubstr("on new: find the right socket"));
  }
}

TEST(CompareTable, SaysHowManyRowsChangedAndMayHave) {
  CompareRecord record = example_compare();
  EXPECT_EQ(compare_summary(record), "2 of 6 rows have other counts than on old, 2 may have");
  record.rows = {record.rows[0], record.rows[5]};
  EXPECT_EQ(compare_summary(record), "0 of 2 rows have other counts than on old");
}

TEST(CompareTable, SaysNothingOfCasesIfNoneWereCompared) {
  CompareRecord record = example_compare();
  record.cases = 0;
  record.changed_cases.clear();
  for (const std::string &text : {compare_table(record), compare_markdown(record)}) {
    EXPECT_THAT(text, Not(HasSubstr("cases")));
  }
  record.cases = 7;
  for (const std::string &text : {compare_table(record), compare_markdown(record)}) {
    EXPECT_THAT(text, HasSubstr("0 of 7 conformance cases differ"));
  }
}

}  // namespace
}  // namespace sklab
