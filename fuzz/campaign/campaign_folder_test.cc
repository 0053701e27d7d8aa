// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/campaign_folder.h"

#include <gtest/gtest.h>

#include "fuzz/campaign/test_folder.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

CampaignState example_state() {
  return {.rules = "kernel",
          .runs = 3,
          .run_is_open = true,
          .findings_before = {"a_fuzzer-1", "b_fuzzer-2"},
          .targets = {{"a_fuzzer", {1.5, 2, 3, 4, 5}}, {"b_fuzzer", {}}}};
}

TEST(CampaignState, IsReadAsItWasWritten) {
  for (const CampaignState &state : {example_state(), CampaignState{}}) {
    const auto again = parse_campaign_state(format_campaign_state(state));
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(*again, state);
  }
}

TEST(CampaignState, EveryShortenedTextIsAnError) {
  const std::string text = format_campaign_state(example_state());
  for (size_t size = 0; size + 2 < text.size(); ++size) {
    EXPECT_FALSE(parse_campaign_state(text.substr(0, size))) << size;
  }
  EXPECT_FALSE(parse_campaign_state("[]"));
  EXPECT_FALSE(parse_campaign_state(R"({"schema_version": 99})"));
}

class CampaignFolderTest : public TestFolder {
 protected:
  [[nodiscard]] CampaignFolder open() const {
    auto folder = CampaignFolder::open(folder_ / "campaign");
    EXPECT_TRUE(folder) << folder.error().message();
    return std::move(*folder);
  }
};

TEST_F(CampaignFolderTest, BelongsToOneCampaignAtATime) {
  {
    const CampaignFolder first = open();
    const auto second = CampaignFolder::open(folder_ / "campaign");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::kUsage);
  }
  static_cast<void>(open());
}

TEST_F(CampaignFolderTest, WhatAKilledRunHadNotFinishedIsCleared) {
  write("campaign/findings/.a_fuzzer-1.77/input", "x");
  write("campaign/findings/a_fuzzer-2/input", "x");
  write("campaign/campaign.json.abcdef", "half");
  write("campaign/campaign.json.unreadable", "kept");
  write("campaign/tmp/a_fuzzer.0.crash-1", "x");
  static_cast<void>(open());
  EXPECT_FALSE(exists("campaign/findings/.a_fuzzer-1.77"));
  EXPECT_TRUE(exists("campaign/findings/a_fuzzer-2/input"));
  EXPECT_FALSE(exists("campaign/campaign.json.abcdef"));
  EXPECT_TRUE(exists("campaign/campaign.json.unreadable"));
  EXPECT_FALSE(exists("campaign/tmp/a_fuzzer.0.crash-1"));
}

TEST_F(CampaignFolderTest, TheStateIsKept) {
  std::vector<std::string> notes;
  const CampaignFolder folder = open();
  EXPECT_EQ(folder.read_state(notes), CampaignState{});
  ASSERT_TRUE(folder.write_state(example_state()));
  EXPECT_EQ(folder.read_state(notes), example_state());
  EXPECT_TRUE(notes.empty());
}

TEST_F(CampaignFolderTest, AStateThatCannotBeReadIsPutAside) {
  const CampaignFolder folder = open();
  write("campaign/campaign.json", "{\"runs\": ");
  std::vector<std::string> notes;
  EXPECT_EQ(folder.read_state(notes), CampaignState{});
  EXPECT_EQ(notes.size(), 1);
  EXPECT_EQ(*read_file(folder_ / "campaign/campaign.json.unreadable"), "{\"runs\": ");
  EXPECT_FALSE(exists("campaign/campaign.json"));
}

TEST_F(CampaignFolderTest, FindingsAreRead) {
  const CampaignFolder folder = open();
  write("campaign/findings/b-2/finding.json", R"({"target": "b", "signature": "other"})");
  write("campaign/findings/a-1/finding.json", R"({"target": "a", "signature": "one"})");
  write("campaign/findings/broken/finding.json", "{");
  write("campaign/findings/empty/input", "");
  const std::vector<FindingRecord> expected = {{"a-1", "a", "one", false},
                                               {"b-2", "b", "other", false}};
  EXPECT_EQ(folder.read_findings(), expected);
}

TEST_F(CampaignFolderTest, JournalsOfAKilledRunAreKept) {
  const CampaignFolder folder = open();
  write("campaign/journal/a_fuzzer.0", "7");
  ASSERT_TRUE(folder.keep_journals(7));
  write("campaign/journal/a_fuzzer.0", "8");
  ASSERT_TRUE(folder.keep_journals(8));
  EXPECT_EQ(*read_file(folder_ / "campaign/journal/killed-7/a_fuzzer.0"), "7");
  EXPECT_EQ(*read_file(folder_ / "campaign/journal/killed-8/a_fuzzer.0"), "8");
  EXPECT_FALSE(exists("campaign/journal/a_fuzzer.0"));
}

TEST_F(CampaignFolderTest, WhatIsNoFolderIsAnError) {
  write("campaign", "a file");
  EXPECT_FALSE(CampaignFolder::open(folder_ / "campaign"));
  EXPECT_FALSE(CampaignFolder::open("/proc/no/such"));
}

}  // namespace
}  // namespace sklab
