// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/lockstep_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(DropSenselessRounds, FromAllProcessesAlike) {
  std::vector<LockstepSeries> processes = {{{10, 11, 0, 13, 14}, 3}, {{20, 21, 22, 23, -1}, 3}};
  drop_senseless_rounds(processes);
  EXPECT_THAT(processes[0].latency_ns, ElementsAre(10, 11, 13));
  EXPECT_THAT(processes[1].latency_ns, ElementsAre(20, 21, 23));
  drop_senseless_rounds(processes);
  EXPECT_THAT(processes[0].latency_ns, ElementsAre(10, 11, 13));
}

TEST(DropSenselessRounds, NothingMayBeLeft) {
  std::vector<LockstepSeries> processes = {{{0, 1}, 3}, {{1, 0}, 3}};
  drop_senseless_rounds(processes);
  EXPECT_THAT(processes[0].latency_ns, IsEmpty());
  EXPECT_THAT(processes[1].latency_ns, IsEmpty());
}

}  // namespace
}  // namespace sklab
