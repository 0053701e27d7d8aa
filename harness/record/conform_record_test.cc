// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The same small run in every format.
#include "harness/record/conform_record.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "harness/record/conform_json.h"
#include "harness/record/conform_summary.h"
#include "harness/record/junit.h"
#include "harness/record/ktap.h"

namespace sklab {
namespace {

ConformRecord example_run() {
  ConformRecord record;
  record.run_id = "run";
  record.depth = "default";
  record.seed = 18446744073709551615ULL;
  record.command_line = "sklab conform \xff";
  record.duration_s = 1.25;
  record.fingerprint.kernel_release = "6.18.0";
  const std::string older = "older: changed by <commit>";
  record.groups = {
      {"links",
       "what links do",
       1,
       {{"attach", CaseStatus::kPass, "", 10, 0, {}, {"R0 !read_ok", "R2 \xff"}, {"seen"}},
        {"update", CaseStatus::kFail, "first & line\nsecond", 5, 2, {"scenario 1\n"}},
        {"old a", CaseStatus::kExpectedFail, older, 4, 3, {}},
        {"old b", CaseStatus::kExpectedFail, older, 4, 4, {}}}},
      {"udplite", "UDP-Lite", 0, {{"one", CaseStatus::kSkip, "not here", 0, 0, {}}}}};
  return record;
}

TEST(ConformRecordTest, ExpectedMismatchesAreNoMismatches) {
  const CaseCounts counts = count_cases(example_run());
  EXPECT_EQ(counts.outcomes, 23U);
  EXPECT_EQ(counts.mismatches, 2U);
  EXPECT_EQ(counts.expected_mismatches, 7U);
  EXPECT_EQ(counts.of(CaseStatus::kPass), 1U);
  EXPECT_EQ(counts.of(CaseStatus::kFail), 1U);
  EXPECT_EQ(counts.of(CaseStatus::kExpectedFail), 2U);
  EXPECT_EQ(counts.of(CaseStatus::kSkip), 1U);
}

TEST(KtapTest, OfTheExample) {
  const ConformRecord record = example_run();
  EXPECT_EQ(ktap_head(2) + ktap_group(record.groups[0], 1) + ktap_group(record.groups[1], 2),
            R"(KTAP version 1
1..2
    KTAP version 1
    # Subtest: links
    1..4
    ok 1 attach
    # seen
    not ok 2 update
    # 2 of 5 outcomes wrong
    # first & line
    # second
    ok 3 old a # XFAIL older: changed by <commit>
    ok 4 old b # XFAIL older: changed by <commit>
not ok 1 links
    KTAP version 1
    # Subtest: udplite
    1..1
    ok 1 one # SKIP not here
ok 2 udplite # SKIP nothing of it could run
)");
}

TEST(ConformSummaryTest, OfTheExample) {
  EXPECT_EQ(conform_summary(example_run()),
            R"(kernel 6.18.0; seed 18446744073709551615

group               cases     outcomes        s
links                   4           23     1.00  1 FAILED  2 expected to fail
udplite                 1            0     0.00  1 skipped

fail: links/update
first & line
second
xfail: links/old a
xfail: links/old b
  older: changed by <commit>
skip: udplite/one
  not here
23 outcomes checked in 1.2 s: 2 mismatches, 1 of 5 cases failed, 1 skipped, 2 expected to fail
)");
}

TEST(JunitTest, OfTheExample) {
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(junit_xml(example_run()).c_str()));
  const pugi::xml_node suites = document.child("testsuites");
  EXPECT_EQ(suites.attribute("tests").as_uint(), 5U);
  EXPECT_EQ(suites.attribute("failures").as_uint(), 1U);
  EXPECT_EQ(suites.attribute("skipped").as_uint(), 3U);
  const pugi::xml_node links = suites.child("testsuite");
  EXPECT_EQ(links.attribute("tests").as_uint(), 4U);
  const pugi::xml_node failed = links.find_child_by_attribute("name", "update");
  EXPECT_STREQ(failed.attribute("classname").value(), "sklab.links");
  EXPECT_STREQ(failed.child("failure").attribute("message").value(), "first & line");
  EXPECT_STREQ(failed.child("failure").text().get(), "first & line\nsecond");
  const pugi::xml_node older = links.find_child_by_attribute("name", "old a");
  EXPECT_STREQ(older.child("skipped").attribute("message").value(), "older: changed by <commit>");
  EXPECT_FALSE(links.child("testcase").first_child());
}

TEST(ConformJsonTest, OfTheExample) {
  const auto json = nlohmann::json::parse(conform_json(example_run()));
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["seed"], 18446744073709551615ULL);
  EXPECT_EQ(json["duration_s"], 1.25);
  EXPECT_EQ(json["outcomes_checked"], 23);
  EXPECT_EQ(json["mismatches"], 2);
  EXPECT_EQ(json["expected_mismatches"], 7);
  EXPECT_EQ(json["groups"][0]["cases"], 4);
  EXPECT_EQ(json["cases"][1], nlohmann::json({{"group", "links"},
                                              {"name", "update"},
                                              {"result", "fail"},
                                              {"reason", "first & line\nsecond"},
                                              {"outcomes_checked", 5},
                                              {"mismatches", 2},
                                              {"verifier_messages", nlohmann::json::array()},
                                              {"notes", nlohmann::json::array()}}));
  EXPECT_EQ(json["cases"][0]["notes"], nlohmann::json({"seen"}));
  EXPECT_EQ(json["cases"][0]["verifier_messages"],
            nlohmann::json({"R0 !read_ok", "R2 \xef\xbf\xbd"}));
  EXPECT_EQ(json["cases"][4]["result"], "skip");
}

}  // namespace
}  // namespace sklab
