// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace sklab {
namespace {

using testing::HasSubstr;

Diagnosis example() {
  return {{{"hook", FeatureStatus::kYes, "attached", "all", "Linux 5.9"},
           {"KCOV", FeatureStatus::kNo, std::string(200, 'x'), "coverage", "CONFIG_KCOV"}},
          {{"kernel", "6.18.0"}, {"governor", ""}},
          Noise{0.05, 100000, 10, 0.5},
          fail_as(ErrorKind::kUnavailable, "measure", "lookups", 0, "run as root")};
}

TEST(DoctorText, SaysHowToGetWhatIsMissing) {
  const std::string text = doctor_text(example());
  EXPECT_THAT(text, HasSubstr("[yes] hook"));
  EXPECT_THAT(text, HasSubstr("[no ] KCOV"));
  EXPECT_THAT(text, HasSubstr("get it by: CONFIG_KCOV"));
  EXPECT_THAT(text, testing::Not(HasSubstr("Linux 5.9")));
  EXPECT_THAT(text, HasSubstr("governor: unknown or none"));
  EXPECT_THAT(text, HasSubstr("NOISY"));
  EXPECT_THAT(text, HasSubstr("not ready: cannot measure lookups; run as root"));
}

TEST(DoctorText, FitsATerminal) {
  std::istringstream lines(doctor_text(example()));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U);
}

TEST(DoctorJson, HasEverything) {
  const auto document = nlohmann::json::parse(doctor_json(example()));
  EXPECT_EQ(document["ready"], false);
  EXPECT_EQ(document["features"][1]["status"], "no");
  EXPECT_EQ(document["features"][1]["how_to_get"], "CONFIG_KCOV");
  EXPECT_EQ(document["facts"]["kernel"], "6.18.0");
  EXPECT_EQ(document["noise"]["noisy"], true);
}

}  // namespace
}  // namespace sklab
