// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/guest/profile/profile_marks.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<InstructionCount> kCounts = {{0, 1},
                                               {0x401000, 127},
                                               {0x401001, 128},
                                               {0xffffffff81000000, 3},
                                               {0xffffffffffffffff, UINT64_MAX}};

std::string file_of(const std::vector<std::string> &records) {
  std::string bytes(kProfileMagic);
  for (const std::string &record : records) bytes += record;
  return bytes;
}

TEST(Profile, IsReadAsItWasWritten) {
  const auto profile = parse_profile(
      file_of({encode_profile_record(1, kCounts), encode_profile_record(2, {})}), "file");
  ASSERT_TRUE(profile) << profile.error().message();
  ASSERT_EQ(profile->size(), 2);
  EXPECT_EQ((*profile)[0].counts, kCounts);
  EXPECT_EQ((*profile)[1].sequence, 2);
  EXPECT_THAT((*profile)[1].counts, IsEmpty());
}

TEST(Profile, MayHaveNoRecords) {
  const auto profile = parse_profile(kProfileMagic, "file");
  ASSERT_TRUE(profile);
  EXPECT_THAT(*profile, IsEmpty());
}

TEST(Profile, CutOffAnywhereIsAnError) {
  const std::string whole = file_of({encode_profile_record(1, kCounts)});
  for (size_t size = 0; size < whole.size(); ++size) {
    const bool is_whole_file = size == kProfileMagic.size();
    EXPECT_EQ(parse_profile(whole.substr(0, size), "file").has_value(), is_whole_file) << size;
  }
}

TEST(Profile, AnyChangedBitIsAnError) {
  const std::string whole = file_of({encode_profile_record(1, kCounts)});
  for (size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(parse_profile(damaged, "file")) << bit;
  }
}

TEST(Profile, WhatCannotBeIsAnErrorWithARightChecksum) {
  const auto refusal = [](const std::string &record) {
    const auto profile = parse_profile(file_of({record}), "file");
    return profile ? "" : profile.error().message();
  };
  EXPECT_THAT(refusal(encode_profile_record(2, {})), HasSubstr("record 2 where 1 must be"));
  EXPECT_THAT(refusal(encode_profile_record(1, {{5, 0}})), HasSubstr("impossible pair"));
  EXPECT_THAT(refusal(encode_profile_record(1, {{5, 1}, {5, 1}})), HasSubstr("impossible pair"));
  EXPECT_THAT(refusal(encode_profile_record(1, {{5, 1}, {4, 1}})), HasSubstr("impossible pair"));
  EXPECT_THAT(refusal(std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10)),
              HasSubstr("too large"));
}

TEST(ProfileMarks, DoNothingWhereNobodyLooks) {
  begin_profile();
  end_profile();
}

TEST(ProfilePerLookup, IsWhatMoreLookupsAdd) {
  const ProfileRecord fewer{1, {{0x10, 1}, {0x20, 10}, {0x30, 7}}};
  const ProfileRecord more{2, {{0x10, 1}, {0x20, 20}, {0x30, 37}, {0x40, 50}}};
  const LookupProfile profile = profile_per_lookup(fewer, more, 10);
  EXPECT_THAT(profile.per_lookup, ElementsAre(InstructionCount{0x20, 1}, InstructionCount{0x30, 3},
                                              InstructionCount{0x40, 5}));
  EXPECT_THAT(profile.residue, IsEmpty());
}

TEST(ProfilePerLookup, LeavesNoDifferenceOut) {
  const ProfileRecord fewer{1, {{0x10, 5}, {0x20, 10}, {0x30, 20}}};
  const ProfileRecord more{2, {{0x15, 1}, {0x20, 21}, {0x30, 10}}};
  const LookupProfile profile = profile_per_lookup(fewer, more, 10);
  EXPECT_THAT(profile.per_lookup, IsEmpty());
  EXPECT_THAT(profile.residue, ElementsAre(ResidualCount{0x10, -5}, ResidualCount{0x15, 1},
                                           ResidualCount{0x20, 11}, ResidualCount{0x30, -10}));
}

}  // namespace
}  // namespace sklab
