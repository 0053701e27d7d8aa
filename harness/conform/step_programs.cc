// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/step_programs.h"

#include <fmt/format.h>

#include <cerrno>
#include <string>
#include <vector>

#include "harness/model/socket_fields.h"
#include "harness/model/step_text.h"
#include "harness/model/steps.h"
#include "harness/path/step_lab.h"

namespace sklab {
namespace {

constexpr StepSource kSlotA = StepSource::kSlot0;
constexpr StepSource kSlotB = StepSource::kSlot1;
constexpr uint64_t kUdp4Kind = 0;
constexpr uint64_t kUdpDual = 4;
constexpr uint64_t kGroup = 8;
constexpr uint64_t kEmptyKey = 9;

struct NamedSteps {
  const char *name;
  std::vector<StepProgram> programs;
};

// With a socket in A, which is released.
StepProgram with_socket_in_a(std::initializer_list<Step> use, uint64_t key = kUdp4Kind) {
  StepProgram with = steps::program({});
  with.steps = {steps::look_up(0, key), steps::if_null(kSlotA, 1), steps::leave(1)};
  with.steps.insert(with.steps.end(), use.begin(), use.end());
  with.steps.push_back(steps::release(kSlotA));
  complete_program(with);
  return with;
}

std::vector<StepProgram> return_programs() {
  std::vector<StepProgram> programs;
  for (const uint64_t code :
       {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{1} << 32, ~uint64_t{0}}) {
    for (const auto form : {ReturnForm::kSigned32, ReturnForm::kUnsigned32, ReturnForm::k64}) {
      programs.push_back(steps::program({steps::leave(code, form)}));
    }
  }
  for (auto form = static_cast<size_t>(ReturnForm::kAsItIs); form < 8; ++form) {
    const auto shape = [&](StepSource source) {
      return steps::leave_with(source, static_cast<ReturnForm>(form), 7001);
    };
    programs.push_back(steps::program({steps::set(0, SetForm::kGiven), shape(kSlotA)}));
    programs.push_back(
        steps::program({steps::load(0, StepSource::kContext, 60, 4), shape(kSlotA)}));
    programs.push_back(steps::program({steps::set(0, SetForm::kSigned32, 0), shape(kSlotA)}));
    programs.push_back(steps::program({steps::set(0, SetForm::kUnsigned32, 1), shape(kSlotA)}));
    programs.push_back(steps::program({steps::set(0, SetForm::k64, 7001), shape(kSlotA)}));
    programs.push_back(
        steps::program({steps::set(0, SetForm::kGiven), steps::mask(0, 1), shape(kSlotA)}));
    for (const StepSource source : {kSlotB, StepSource::kContext, StepSource::kNumber,
                                    StepSource::kStack, StepSource::kMap, StepSource::kMapValue}) {
      programs.push_back(steps::program({shape(source)}));
    }
    // The address of a socket is more than any of these numbers.
    programs.push_back(
        with_socket_in_a({steps::copy(1, kSlotA), steps::release(kSlotA), shape(kSlotB)}));
  }
  return programs;
}

// Every load, and every store, of context and socket.
std::vector<StepProgram> access_programs() {
  std::vector<StepProgram> programs;
  for (int offset = -8; offset < 88; ++offset) {
    for (const uint32_t size : kAccessSizes) {
      programs.push_back(steps::program({steps::load(0, StepSource::kContext, offset, size)}));
      programs.push_back(with_socket_in_a({steps::load(1, kSlotA, offset, size)}));
      for (const auto form : {StoreForm::kRegister, StoreForm::kConstant, StoreForm::kAtomicAdd}) {
        programs.push_back(
            steps::program({steps::store(StepSource::kContext, offset, size, form)}));
      }
      programs.push_back(
          with_socket_in_a({steps::store(kSlotA, offset, size, StoreForm::kConstant)}));
    }
  }
  programs.push_back(steps::program({steps::load(0, kSlotA, 0, 4)}));
  programs.push_back(steps::program({steps::store(kSlotA, 0, 4, StoreForm::kConstant)}));
  return programs;
}

// What a field of each socket has.
std::vector<StepProgram> socket_value_programs() {
  std::vector<StepProgram> programs;
  for (uint64_t key = 0; key < kEmptyKey; ++key) {
    for (const SocketField &field : kSocketFields) {
      for (const uint32_t size : {1U, 2U, 4U}) {
        programs.push_back(
            with_socket_in_a({steps::load(1, kSlotA, static_cast<int>(field.offset), size)}, key));
      }
    }
  }
  return programs;
}

std::vector<StepProgram> assign_programs() {
  std::vector<StepProgram> programs;
  for (size_t source = 0; source < kStepSources; ++source) {
    const auto given = static_cast<StepSource>(source);
    Step context = steps::assign(StepSource::kNumber);
    context.context = given;
    Step beside = steps::assign(given);
    beside.offset = 8;
    programs.push_back(steps::program({steps::assign(given)}));
    programs.push_back(steps::program({context}));
    programs.push_back(steps::program({beside}));
    programs.push_back(steps::program(
        {steps::set(0, SetForm::kSigned32, 0), steps::assign_with(StepSource::kNumber, given)}));
    programs.push_back(with_socket_in_a(
        {steps::assign(given), steps::copy(1, StepSource::kResult), steps::show(kSlotB)}));
  }
  // Of a group, whose member a test run cannot choose.
  programs.push_back(with_socket_in_a({steps::assign(kSlotA)}, kGroup));
  for (const uint64_t number : {uint64_t{0}, uint64_t{1}, static_cast<uint64_t>(-8)}) {
    Step beside = steps::assign(kSlotA);
    beside.offset = 8;
    programs.push_back(
        steps::program({steps::set(0, SetForm::k64, number), steps::assign(kSlotA)}));
    programs.push_back(steps::program({steps::set(0, SetForm::k64, number), beside}));
    programs.push_back(steps::program(
        {steps::set(0, SetForm::k64, number), steps::assign_with(StepSource::kNumber, kSlotA)}));
  }
  Step beside_unknown = steps::assign(kSlotA);
  beside_unknown.offset = 8;
  programs.push_back(steps::program({steps::set(0, SetForm::kGiven), steps::assign(kSlotA)}));
  programs.push_back(steps::program({steps::set(0, SetForm::kGiven), beside_unknown}));
  programs.push_back(steps::program({steps::set(0, SetForm::kContext), steps::assign(kSlotA)}));
  for (uint64_t key = 0; key <= kEmptyKey; ++key) {
    for (const uint64_t flags : {0, 1, 2, 3, 4}) {
      programs.push_back(with_socket_in_a(
          {steps::assign(kSlotA, flags), steps::load(1, StepSource::kContext, 0, 8),
           steps::if_not_null(kSlotB, 2), steps::load(1, kSlotB, 16, 4),
           steps::assign(kSlotB, flags)},
          key));
    }
    programs.push_back(with_socket_in_a({steps::assign(kSlotA), steps::leave(0)}, key));
    programs.push_back(
        with_socket_in_a({steps::assign(kSlotA, 2), steps::release(kSlotA), steps::leave(0)}, key));
  }
  return programs;
}

std::vector<StepProgram> reference_programs() {
  const Step both = steps::leave(1);
  return {
      steps::program({steps::look_up(0, kUdp4Kind)}),
      steps::program(
          {steps::look_up(0, kUdp4Kind), steps::look_up(1, kUdp4Kind, MapForm::kSockhash)}),
      steps::program({steps::look_up(0, kEmptyKey), steps::release(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::assign(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_not_null(kSlotA, 2),
                      steps::assign(kSlotA), steps::release(kSlotA)}),
      steps::program(
          {steps::look_up(0, kUdp4Kind), steps::if_not_null(kSlotA, 1), steps::release(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_not_null(kSlotA, 2),
                      steps::release(kSlotA), steps::release(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_not_null(kSlotA, 2),
                      steps::release(kSlotA), steps::assign(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_not_null(kSlotA, 2),
                      steps::release(kSlotA), steps::show(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_not_null(kSlotA, 2),
                      steps::release(kSlotA), steps::mask(0, 1)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_not_null(kSlotA, 2),
                      steps::release(kSlotA), steps::assign_with(StepSource::kNumber, kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_not_null(kSlotA, 2),
                      steps::release(kSlotA), steps::load(1, kSlotA, 16, 4)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_null(kSlotA, 1), both,
                      steps::if_field(3, IfForm::kFieldEqual, 7001, 1), steps::release(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_null(kSlotA, 1), both,
                      steps::if_field(3, IfForm::kFieldNotEqual, 7001, 2), steps::release(kSlotA),
                      steps::leave(0), steps::release(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::copy(1, kSlotA),
                      steps::if_not_null(kSlotB, 2), steps::assign(kSlotA),
                      steps::release(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::copy(1, kSlotA),
                      steps::if_not_null(kSlotA, 2), steps::release(kSlotB),
                      steps::assign(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_not_null(StepSource::kResult, 1),
                      steps::release(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_null(kSlotA, 1),
                      steps::leave_with(StepSource::kResult, ReturnForm::kAsItIs),
                      steps::release(kSlotA)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::if_null(kSlotA, 2),
                      steps::assign(kSlotA), steps::leave(1), steps::release(kSlotA),
                      steps::leave(0)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::set(0, SetForm::kSigned32)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::mask(0, 1)}),
  };
}

// Of what is selected, of a socket in a group, and of what was never written.
std::vector<StepProgram> selection_programs() {
  return {
      steps::program({steps::load(0, StepSource::kContext, 0, 8), steps::release(kSlotA)}),
      steps::program({steps::load(0, StepSource::kContext, 0, 8), steps::assign(kSlotA)}),
      steps::program({steps::load(0, StepSource::kContext, 0, 8), steps::load(1, kSlotA, 16, 4)}),
      steps::program({steps::load(0, StepSource::kContext, 0, 8), steps::if_not_null(kSlotA, 1),
                      steps::release(kSlotA)}),
      steps::program({steps::load(0, StepSource::kContext, 0, 8), steps::if_not_null(kSlotA, 1),
                      steps::load(1, kSlotA, 16, 4)}),
      with_socket_in_a({steps::assign(kSlotA), steps::load(1, StepSource::kContext, 0, 8),
                        steps::release(kSlotA), steps::assign(kSlotB, 1),
                        steps::if_not_null(kSlotB, 1), steps::load(1, kSlotB, 16, 4),
                        steps::look_up(0, kUdpDual), steps::if_null(kSlotA, 1), steps::leave(1)}),
      with_socket_in_a({steps::assign(kSlotA, 2)}, kGroup),
      with_socket_in_a({steps::if_null(kSlotA, 1), steps::release(kSlotB)}),
      // Found by the fuzzer: one load, of the context on one path and of a socket on another.
      steps::program({steps::set(0, SetForm::kContext), steps::if_not_null(kSlotA, 1),
                      steps::load(0, StepSource::kContext, 0, 8), steps::if_not_null(kSlotA, 1),
                      steps::load(1, kSlotA, 28, 4)}),
      steps::program({steps::look_up(0, kUdp4Kind), steps::assign(kSlotA),
                      steps::if_not_null(kSlotA, 1), steps::release(kSlotA)}),
      steps::program({steps::release(kSlotA)}),
      steps::program({steps::show(kSlotA)}),
      steps::program({steps::copy(0, kSlotB)}),
      steps::program({steps::mask(0, 1)}),
      steps::program({steps::set(0, SetForm::kContext), steps::load(0, kSlotA, 60, 4)}),
      steps::program({steps::set(0, SetForm::kContext), steps::mask(0, 1)}),
      steps::program(
          {steps::set(0, SetForm::kContext), steps::if_null(kSlotA, 1), steps::leave(0)}),
      steps::program({steps::if_null(StepSource::kContext, 1), steps::show(kSlotA)}),
  };
}

// Numbers that are known, or become known by a comparison, also of a copy.
std::vector<StepProgram> number_programs() {
  const Step wrong = steps::leave(2);
  return {
      steps::program({steps::set(0, SetForm::kSigned32, 0), steps::if_not_null(kSlotA, 1), wrong}),
      steps::program({steps::set(0, SetForm::kSigned32, 1), steps::if_null(kSlotA, 1), wrong}),
      steps::program({steps::set(0, SetForm::kGiven), steps::if_null(kSlotA, 1), wrong}),
      steps::program({steps::set(0, SetForm::kGiven), steps::if_null(kSlotA, 1),
                      steps::leave_with(kSlotA, ReturnForm::kAsItIs)}),
      steps::program(
          {steps::set(0, SetForm::kGiven), steps::if_null(kSlotA, 1), steps::assign(kSlotA)}),
      steps::program({steps::set(0, SetForm::kGiven), steps::if_not_null(kSlotA, 2),
                      steps::if_null(kSlotA, 1), wrong}),
      steps::program({steps::set(0, SetForm::kGiven), steps::copy(1, kSlotA),
                      steps::if_not_null(kSlotA, 2), steps::if_null(kSlotB, 1), wrong}),
      steps::program({steps::set(0, SetForm::kGiven), steps::copy(1, kSlotA), steps::mask(1, 3),
                      steps::if_null(kSlotA, 1), steps::assign(kSlotB)}),
      steps::program({steps::set(0, SetForm::kGiven), steps::mask(0, 1),
                      steps::if_not_null(kSlotA, 1),
                      steps::leave_with(kSlotA, ReturnForm::kLowestBitAndOne)}),
      steps::program({steps::set(0, SetForm::kGiven), steps::mask(0, 1), steps::if_null(kSlotA, 1),
                      steps::leave_with(kSlotA, ReturnForm::kLowestBitAndOne)}),
      steps::program({steps::if_null(kSlotA, 1), wrong}),
  };
}

std::vector<StepProgram> helper_programs() {
  std::vector<StepProgram> programs;
  for (size_t i = 0; i < kMissingHelpers.size(); ++i) {
    const auto helper = static_cast<uint8_t>(i);
    programs.push_back(steps::program({steps::call_helper(helper)}));
    // Where nothing leads to it, it is not looked at.
    programs.push_back(steps::program({steps::set(0, SetForm::kSigned32, 1),
                                       steps::if_null(kSlotA, 1), steps::call_helper(helper)}));
  }
  return programs;
}

Result<> check_step_run(Case &one, StepLab &lab, const LoadAttempt &attempt,
                        const StepProgram &steps, const Rules &rules) {
  const auto expected = run_program(steps, rules, lab.deviations());
  if (!expected) return Ok{};
  SKLAB_TRY(const StepRun observed, lab.run(attempt.fd.get(), steps, *expected));
  one.check(observed == *expected, [&] {
    return fmt::format("{}expected:\n{}got:\n{}", describe(steps), describe(*expected),
                       describe(observed));
  });
  return Ok{};
}

Result<> check_steps(Case &one, StepLab &lab, const StepProgram &steps, const Rules &rules) {
  const LoadVerdict verdict = judge_program(steps, rules.load);
  const LoadAttempt attempt = lab.load(steps);
  const bool refused = attempt.error_number == EINVAL || attempt.error_number == EACCES;
  const bool right = verdict.loads() ? attempt.accepted() : refused;
  one.check(right, [&] {
    return fmt::format("{}expected: {}\ngot: {}", describe(steps), describe(verdict),
                       lab.load_with_message(steps).text());
  });
  // With a wrong rule both may let load what must not be run.
  if (!right || !attempt.accepted() || !StepLab::may_run(steps)) return Ok{};
  // Two numbers, so that neither branch on the given one is never taken.
  for (const uint64_t given : {0, 3}) {
    StepProgram run = steps;
    run.given = given;
    SKLAB_CHECK(check_step_run(one, lab, attempt, run, rules));
  }
  return Ok{};
}

}  // namespace

void check_step_programs(CaseLog &log, const ConformSettings &settings) {
  Result<StepLab> lab = StepLab::create();
  if (!lab) {
    return log.run("maps", [&](Case &) { return Result<>(tl::unexpected(lab.error())); });
  }
  const std::vector<NamedSteps> all = {
      {"return codes", return_programs()},
      {"loads and stores", access_programs()},
      {"fields of sockets", socket_value_programs()},
      {"arguments of assign", assign_programs()},
      {"references", reference_programs()},
      {"selections", selection_programs()},
      {"numbers", number_programs()},
      {"helpers", helper_programs()},
  };
  for (const NamedSteps &named : all) {
    log.run(named.name, [&](Case &one) -> Result<> {
      for (const StepProgram &steps : named.programs) {
        SKLAB_CHECK(check_steps(one, *lab, steps, *settings.rules));
      }
      return Ok{};
    });
  }
}

}  // namespace sklab
