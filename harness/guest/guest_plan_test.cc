// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sklab {
namespace {

using testing::HasSubstr;

GuestPlan example_plan() {
  return {{"/usr/bin/sklab", "", "a b", "line\n"},
          "/home/x",
          {{"SKLAB_COMMAND_LINE", "sklab bench"}, {"B", ""}},
          {"/lib/modules/a.ko"},
          {"/tmp/out", "/tmp/b"},
          true};
}

void expect_same(const GuestPlan &plan) {
  const auto parsed = parse_plan(plan_bytes(plan));
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->arguments, plan.arguments);
  EXPECT_EQ(parsed->folder, plan.folder);
  EXPECT_EQ(parsed->environment, plan.environment);
  EXPECT_EQ(parsed->modules, plan.modules);
  EXPECT_EQ(parsed->outputs, plan.outputs);
  EXPECT_EQ(parsed->symbols, plan.symbols);
}

TEST(GuestPlan, IsReadBackAsItWas) {
  expect_same(example_plan());
  expect_same({{"/bin/true"}, "/", {}, {}, {}, false});
}

TEST(GuestPlan, ArgumentsNeedNotBeUtf8) {
  GuestPlan plan = example_plan();
  for (int byte = 0; byte < 256; ++byte) plan.arguments.emplace_back(1, static_cast<char>(byte));
  plan.folder = "/home/\xff";
  expect_same(plan);
}

TEST(GuestPlan, APartOfOneIsAnErrorOfOneLine) {
  const std::string whole = plan_bytes(example_plan());
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto parsed = parse_plan(whole.substr(0, size));
    ASSERT_FALSE(parsed) << size;
    EXPECT_THAT(parsed.error().message(), HasSubstr(kPlanPath));
  }
  EXPECT_FALSE(parse_plan(whole + whole));
}

TEST(GuestPlan, DamageIsAnErrorOrAnotherPlan) {
  const std::string whole = plan_bytes(example_plan());
  for (size_t i = 0; i < whole.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ 1U << bit);
      const auto parsed = parse_plan(damaged);
      EXPECT_FALSE(parsed && parsed->arguments.empty());
    }
  }
}

TEST(GuestPlan, NeedsEveryField) {
  const auto document = nlohmann::json::from_cbor(plan_bytes(example_plan()));
  EXPECT_EQ(document.size(), 6U);
  for (const auto &field : document.items()) {
    auto without = document;
    without.erase(field.key());
    const auto bytes = nlohmann::json::to_cbor(without);
    EXPECT_FALSE(parse_plan(std::string(bytes.begin(), bytes.end()))) << field.key();
  }
}

TEST(GuestPlan, RunsSomething) {
  GuestPlan plan = example_plan();
  plan.arguments.clear();
  const auto parsed = parse_plan(plan_bytes(plan));
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message(), HasSubstr("runs nothing"));
}

}  // namespace
}  // namespace sklab
