// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/instructions/calibration.h"

#include <linux/bpf.h>

#include <algorithm>

#include "harness/kernel/instructions.h"
#include "harness/kernel/load_attempt.h"

namespace sklab {
namespace {

constexpr int32_t kAdded = 100;

// Returns SK_PASS in the end, after so many additions of 1.
Result<Program> load_adding_program(int32_t additions) {
  instructions::Code code(instructions::move(BPF_REG_0, SK_PASS - additions));
  for (int32_t i = 0; i < additions; ++i) code.append(instructions::add(BPF_REG_0, 1));
  code.append(instructions::leave());
  const LoadAttempt attempt = attempt_load(code.all());
  if (!attempt.accepted()) {
    return fail("load", "a program that adds", attempt.error_number, attempt.verifier_message);
  }
  return Program::shared_with(attempt.fd.get());
}

Result<int64_t> count_with(int32_t additions, const Lane &plain, uint64_t lookups,
                           LaneCounter &counter) {
  Lane lane;
  lane.spec.name = "calibration";
  lane.spec.steering = Steering::kPass;
  lane.per_iteration = plain.per_iteration;
  lane.expectation.targets = {plain.expectation.targets.front()};
  lane.first_target = plain.first_target;
  SKLAB_TRY(Program program, load_adding_program(additions));
  SKLAB_TRY(const uint32_t id, program_id(program.fd()));
  lane.programs.push_back(std::move(program));
  lane.program_ids = {id};
  SKLAB_TRY(const LaneCount count, counter.count(lane, lookups));
  return count.instructions;
}

}  // namespace

Result<std::optional<InstructionCalibration>> calibrate(GroupSession &session,
                                                        LaneCounter &counter) {
  const auto plain = std::find_if(session.lanes.begin(), session.lanes.end(), [](const Lane &lane) {
    // A connected socket is found before any program is asked.
    return !lane.is_empty_loop && lane.spec.path == RowPath::kProbe && lane.failure.empty() &&
           lane.spec.steering == Steering::kNone && lane.spec.traffic == Traffic::kServer &&
           lane.spec.caches == Caches::kWarm && lane.spec.cpus == Cpus::kOne;
  });
  if (plain == session.lanes.end()) return std::optional<InstructionCalibration>();
  SKLAB_TRY(const uint64_t lookups, counter.choose_lookups(*plain));
  SKLAB_TRY(const int64_t fewer, count_with(0, *plain, lookups, counter));
  SKLAB_TRY(const int64_t more, count_with(kAdded, *plain, lookups, counter));
  // What is left of a division would be no whole number of instructions a lookup.
  const int64_t difference = more - fewer;
  const auto divisor = static_cast<int64_t>(lookups);
  InstructionCalibration calibration{plain->spec.name, kAdded, difference / divisor};
  if (difference % divisor != 0) calibration.counted = -1;
  return std::optional(calibration);
}

}  // namespace sklab
