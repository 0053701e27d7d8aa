// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/step_lab.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>

#include "harness/model/load_rules.h"
#include "harness/model/steps.h"
#include "harness/path/test_run.h"

namespace sklab {
namespace {

// No step shows this by itself.
constexpr uint64_t kNotShown = 0x7ea5e77e57eb5a1d;

// A program of one load of two bytes and whether they are 0.
constexpr Step high_half_of_family() {
  Step load;
  load.kind = StepKind::kLoad;
  load.source = StepSource::kContext;
  load.offset = 10;
  load.size = 2;
  return load;
}

}  // namespace

Result<StepLab> StepLab::create() {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, step_sockets()));
  const auto keys = static_cast<uint32_t>(step_keys());
  SKLAB_TRY(BpfMap sockmap, BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(uint64_t), keys));
  SKLAB_TRY(BpfMap sockhash, BpfMap::create(BPF_MAP_TYPE_SOCKHASH, sizeof(uint64_t), keys));
  SKLAB_TRY(BpfMap memory_map, BpfMap::create_mappable_array(sizeof(StepMemory)));
  SKLAB_TRY(auto memory, MappedArray<StepMemory>::map(memory_map.fd(), 1));
  StepLab lab(std::move(netns), std::move(sockets), std::move(sockmap), std::move(sockhash),
              std::move(memory_map), std::move(memory));
  SKLAB_CHECK(lab.fill());
  SKLAB_CHECK(lab.read_cookies());
  SKLAB_CHECK(lab.probe_deviations());
  return lab;
}

Result<> StepLab::fill() {
  for (uint32_t key = 0; key < sockets_.size(); ++key) {
    const auto fd = static_cast<uint64_t>(sockets_.fd(key));
    for (BpfMap *map : {&sockmap_, &sockhash_}) {
      if (const int error = map->put(key, fd); error != 0) {
        return fail("put into a map socket", step_sockets()[key].name, error);
      }
    }
  }
  return Ok{};
}

Result<> StepLab::read_cookies() {
  for (size_t i = 0; i < sockets_.size(); ++i) {
    SKLAB_TRY(const uint64_t cookie, sockets_.cookie(i));
    cookies_.push_back(cookie);
  }
  return Ok{};
}

Result<> StepLab::probe_deviations() {
  StepProgram program;
  program.packet = {Protocol::kUdp, {{Family::kIpv4, {}}, 1}, {{Family::kIpv4, {}}, 1}};
  Step show = high_half_of_family();
  program.steps = {show};
  complete_program(program);
  const LoadAttempt attempt = load(program);
  if (!attempt.accepted()) return fail("load", "a program of steps", attempt.error_number);
  StepRun expected;
  expected.shown.resize(program.steps.size());
  expected.shown[0] = {true, true, 0};
  SKLAB_TRY(const StepRun run, this->run(attempt.fd.get(), program, expected));
  deviations_.repeats_low_half = run.shown[0].value != 0;
  deviations_.takes_numbers_for_null = load(steps::assign_of_compared_number()).accepted();
  deviations_.takes_unchecked_sockets = load(steps::assign_of_unchecked_socket()).accepted();
  deviations_.forgets_inequality = !load(steps::return_after_contradiction()).accepted();
  return Ok{};
}

LoadAttempt StepLab::load(const StepProgram &program) const {
  const StepCode compiled = compile(program);
  return attempt_load_quietly(compiled.code.all());
}

LoadAttempt StepLab::load_with_message(const StepProgram &program) const {
  const StepCode compiled = compile(program);
  return attempt_load(compiled.code.all());
}

bool StepLab::may_run(const StepProgram &program) {
  return judge_program(program, kernel_load_rules()).loads();
}

Result<StepRun> StepLab::run(int program_fd, const StepProgram &program, const StepRun &expected) {
  if (!may_run(program)) return fail("run a program that should not have loaded");
  StepMemory &memory = memory_[0];
  memory.given = program.given;
  memory.shown.fill(kNotShown);
  StepRun run;
  const auto result = test_run(program_fd, program.packet, 1);
  if (!result && result.error().error_number != EOPNOTSUPP) {
    return tl::unexpected(result.error());
  }
  for (size_t i = 0; i < program.steps.size(); ++i) {
    const bool shown = memory.shown[i] != kNotShown;
    const bool predicted = shown && (!expected.shown[i].shown || expected.shown[i].predicted);
    run.shown.push_back({shown, predicted, predicted ? memory.shown[i] : 0});
  }
  if (!result) {
    run.error = result.error().error_number;
    return run;
  }
  run.return_code = result->return_code;
  if (result->selected_cookie == 0) return run;
  const auto found = std::find(cookies_.begin(), cookies_.end(), result->selected_cookie);
  run.selected = static_cast<size_t>(found - cookies_.begin());
  return run;
}

}  // namespace sklab
