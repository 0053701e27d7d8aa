// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/injection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "bpf/abi.h"
#include "harness/measure/estimate.h"

namespace sklab {
namespace {

constexpr double kMostFraction = 10;
constexpr int kRounds = 9;
constexpr uint32_t kTrialBurn = 256;
constexpr uint32_t kMostBurn = SKLAB_MOST_BURN;

double median_of(std::vector<double> &samples) { return distribution_of(samples).p50; }

}  // namespace

Result<double> parse_percentage(const std::string &text) {
  double percent = 0;
  const char *const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, percent);
  const std::string unit(rest, end);
  if (error == std::errc{} && (unit == "%" || unit == " %") && percent >= 0 &&
      percent <= kMostFraction * 100) {
    return percent / 100;
  }
  return fail_as(ErrorKind::kUsage, "read a percentage", "'" + text + "'", 0,
                 "write it like 10% or 0.5%, at most 1000%");
}

Result<> inject_slowdown(GroupSession &session, Lane &lane, const Lane *empty, double fraction) {
  if (lane.spec.path == RowPath::kTestRun || empty == nullptr) {
    return fail_as(ErrorKind::kUnavailable, "slow down", lane.spec.name, 0,
                   "only lookups that the probe makes can be slowed down");
  }
  std::array<std::vector<double>, 3> elapsed_ns;  // as it is, with work, without lookups
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = 0; i < elapsed_ns.size(); ++i) {
      lane.burn = i == 1 ? kTrialBurn : 0;
      SKLAB_TRY(const double elapsed,
                session.runner().run_timed(i == 2 ? *empty : lane, lane.lookups));
      elapsed_ns[i].push_back(elapsed);
    }
  }
  const double plain_ns = median_of(elapsed_ns[0]);
  const double step_ns = (median_of(elapsed_ns[1]) - plain_ns) / kTrialBurn;
  const double wanted_ns = fraction * (plain_ns - median_of(elapsed_ns[2]));
  const double steps = std::round(wanted_ns / step_ns);
  if (!(step_ns > 0) || !(steps >= 1) || steps > kMostBurn) {
    return fail("slow down", lane.spec.name, 0,
                fmt::format("a batch takes {:.0f} ns, and {:.1f} more with each of the probe's steps, "
                            "of which {} would be needed",
                            plain_ns, step_ns, steps));
  }
  lane.burn = static_cast<uint32_t>(steps);
  return Ok{};
}

}  // namespace sklab
