// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/comparability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Fingerprint machine() {
  Fingerprint fingerprint;
  fingerprint.cpu_model = "A";
  fingerprint.kernel_config_sha256 = "12";
  fingerprint.kernel_release = "6.1";
  fingerprint.mitigations["retbleed"] = "Vulnerable";
  return fingerprint;
}

BaselineRecord recorded_there() {
  BaselineRecord record;
  record.fingerprint = machine();
  record.cpu = 1;
  record.cpus_allowed = 2;
  return record;
}

Result<std::vector<std::string>> compare_with(const Fingerprint &now,
                                              const std::vector<std::string> &allowed) {
  return check_same_machine(recorded_there(), measuring_facts(now, 1, 2), allowed);
}

TEST(CheckSameMachine, AnotherKernelIsWhatGatesAreFor) {
  Fingerprint now = machine();
  now.kernel_release = "6.2";
  now.kernel_btf_sha256 = "34";
  const auto same = compare_with(now, {});
  ASSERT_TRUE(same) << same.error().message();
  EXPECT_THAT(*same, IsEmpty());
}

TEST(CheckSameMachine, SaysAllThatDiffers) {
  Fingerprint now = machine();
  now.cpu_model = "B";
  now.mitigations["retbleed"] = "Mitigation: IBRS";
  const auto refused = compare_with(now, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(refused.error().message(), HasSubstr("cpu_model is 'B' and was 'A'"));
  EXPECT_THAT(refused.error().message(), HasSubstr("retbleed is 'Mitigation: IBRS'"));
  EXPECT_FALSE(compare_with(now, {"cpu_model"}));
  const auto allowed = compare_with(now, {"cpu_model", "retbleed"});
  ASSERT_TRUE(allowed);
  EXPECT_THAT(*allowed, ElementsAre(HasSubstr("cpu_model"), HasSubstr("retbleed")));
  EXPECT_EQ(compare_with(now, {kAllFacts})->size(), 2U);
}

TEST(CheckSameMachine, TheCpuIsAPartOfIt) {
  const auto on = [](uint64_t cpu, uint64_t allowed) {
    return check_same_machine(recorded_there(), measuring_facts(machine(), cpu, allowed), {});
  };
  EXPECT_TRUE(on(1, 2));
  EXPECT_THAT(on(0, 2).error().message(), HasSubstr("cpu is '0' and was '1'"));
  EXPECT_THAT(on(1, 1).error().message(), HasSubstr("cpus_allowed is '1' and was '2'"));
}

TEST(CheckSameMachine, ANameThatNoFactHasIsAMistake) {
  const auto refused = compare_with(machine(), {"cpu_modle"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
}

// Two groups: a, b; c.
GatedRows three_rows() {
  GatedRows rows;
  for (const char *name : {"a", "b", "c"}) rows.rows.push_back({name, "", "", true});
  rows.groups = {{"first", {0, 1}}, {"second", {2}}};
  return rows;
}

BaselineRecord baseline_of(const std::vector<std::string> &names) {
  BaselineRecord record;
  for (const std::string &name : names) record.rows.emplace_back().name = name;
  return record;
}

std::vector<std::string> names_of(const GatedRows &rows) {
  std::vector<std::string> names;
  for (const GatedGroup &group : rows.groups) {
    for (const size_t row : group.rows) names.push_back(group.name + "/" + rows.rows[row].name);
  }
  return names;
}

TEST(KeepRowsOf, WithoutAWishWhatTheBaselineHasIsGated) {
  GatedRows rows = three_rows();
  const auto warnings = keep_rows_of(baseline_of({"b", "c"}), false, rows);
  ASSERT_TRUE(warnings);
  EXPECT_THAT(*warnings, ElementsAre(HasSubstr("a")));
  EXPECT_THAT(names_of(rows), ElementsAre("first/b", "second/c"));
  rows = three_rows();
  EXPECT_THAT(*keep_rows_of(baseline_of({"c"}), false, rows), ElementsAre(HasSubstr("a, b")));
  EXPECT_THAT(names_of(rows), ElementsAre("second/c"));
}

TEST(KeepRowsOf, WhatWasAskedForMustBeInTheBaseline) {
  GatedRows rows = three_rows();
  const auto refused = keep_rows_of(baseline_of({"a", "c"}), true, rows);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(refused.error().message(), HasSubstr("compare b;"));
  EXPECT_TRUE(keep_rows_of(baseline_of({"a", "b", "c", "d"}), true, rows));
  rows = three_rows();
  rows.rows[1].skipped = "needs at least two CPUs";
  EXPECT_TRUE(keep_rows_of(baseline_of({"a", "c"}), true, rows));
}

TEST(KeepRowsOf, ARowThatIsGoneIsNotPassedOver) {
  GatedRows rows = three_rows();
  const auto refused = keep_rows_of(baseline_of({"a", "gone"}), false, rows);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("compare gone;"));
}

}  // namespace
}  // namespace sklab
