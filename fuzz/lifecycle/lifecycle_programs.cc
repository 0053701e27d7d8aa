// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/lifecycle_programs.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "bpf/abi.h"
#include "harness/kernel/instructions.h"
#include "harness/kernel/load_attempt.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/program.h"
#include "harness/kernel/skeleton.h"
#include "harness/kernel/socket_set.h"
#include "harness/path/lookup_tuple.h"
#include "lifecycle_bpf.skel.h"

namespace sklab {
namespace {

uint32_t kind_of_lookup(const Packet &packet) {
  const bool ipv6 = packet.source.address.family == Family::kIpv6;
  if (packet.protocol == Protocol::kUdp) return ipv6 ? SKLAB_UDP6 : SKLAB_UDP4;
  return ipv6 ? SKLAB_TCP6 : SKLAB_TCP4;
}

sklab_numbered encode(const NumberedProgram &program) {
  sklab_numbered encoded{};
  encoded.return_code = program.return_code;
  encoded.step_count = static_cast<uint32_t>(std::min<size_t>(program.steps.size(), SKLAB_STEPS));
  for (uint32_t i = 0; i < encoded.step_count; ++i) {
    const ProgramStep &step = program.steps[i];
    sklab_step &to = encoded.steps[i];
    to.flags = step.flags;
    to.map = SKLAB_NO_SOCKET;
    if (!step.source) continue;
    to.map = step.source->map == SocketMapKind::kSockmap ? SKLAB_IN_SOCKMAP : SKLAB_IN_SOCKHASH;
    to.key = step.source->key;
  }
  return encoded;
}

Result<UniqueFd> load_other_type() {
  using namespace instructions;
  LoadAttempt attempt = attempt_load(Code(move(BPF_REG_0, 0), leave()).all(),
                                     BPF_PROG_TYPE_SOCKET_FILTER, bpf_attach_type{});
  if (attempt.accepted()) return std::move(attempt.fd);
  return fail("load", "a socket filter", attempt.error_number, attempt.verifier_message);
}

}  // namespace

struct LifecyclePrograms::State {
  Skeleton<lifecycle_bpf> object;
  MappedArray<sklab_numbered> numbered;
  MappedArray<sklab_trace> trace;
  std::vector<Program> programs;
  UniqueFd other;
  std::vector<uint32_t> ids;
};

LifecyclePrograms::LifecyclePrograms(std::unique_ptr<State> state) : state_(std::move(state)) {}
LifecyclePrograms::LifecyclePrograms(LifecyclePrograms &&) noexcept = default;
LifecyclePrograms &LifecyclePrograms::operator=(LifecyclePrograms &&) noexcept = default;
LifecyclePrograms::~LifecyclePrograms() = default;

Result<LifecyclePrograms> LifecyclePrograms::create() {
  SKLAB_TRY(auto object, Skeleton<lifecycle_bpf>::open("lifecycle"));
  bpf_map__set_max_entries(object->maps.sockmap, kSockmapEntries);
  bpf_map__set_max_entries(object->maps.sockhash, kSockhashEntries);
  SKLAB_CHECK(object.load());
  SKLAB_TRY(auto numbered, MappedArray<sklab_numbered>::map(object->maps.numbered));
  SKLAB_TRY(auto trace, MappedArray<sklab_trace>::map(object->maps.traces));
  SKLAB_TRY(UniqueFd other, load_other_type());
  auto state = std::make_unique<State>(
      State{std::move(object), std::move(numbered), std::move(trace), {}, std::move(other), {}});
  for (size_t i = 0; i < kLookupPrograms; ++i) {
    const ImmediatePatch number{SKLAB_POSITION_MARKER, static_cast<int32_t>(i)};
    SKLAB_TRY(Program program, Program::copy_of(state->object->progs.attached, number));
    state->programs.push_back(std::move(program));
  }
  LifecyclePrograms programs(std::move(state));
  for (size_t i = 0; i < kAllPrograms; ++i) {
    SKLAB_TRY(const uint32_t id, program_id(programs.fd(i)));
    programs.state_->ids.push_back(id);
  }
  return programs;
}

void LifecyclePrograms::write(const ProgramTable &programs) {
  for (size_t i = 0; i < programs.size(); ++i) state_->numbered[i] = encode(programs[i]);
}

Result<OperationResult> LifecyclePrograms::look_up(const Packet &packet) {
  sklab_trace &trace = state_->trace[0];
  write_tuple(packet, trace.addresses);
  trace.kind = kind_of_lookup(packet);
  // The smallest frame TEST_RUN takes for a TC program is an Ethernet header.
  std::array<char, 64> frame{};
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = frame.size(),
              .repeat = 1);
  if (bpf_prog_test_run_opts(bpf_program__fd(state_->object->progs.look_up_once), &options) != 0) {
    return fail("run", "lookup", errno);
  }
  if (options.retval != 1) return fail("run a lookup: none was made");
  OperationResult result;
  result.socket = SocketSet::index_of(trace.mark);
  const uint32_t runs = std::min<uint32_t>(trace.runs, SKLAB_PROGRAMS);
  result.programs.assign(trace.numbers, trace.numbers + runs);
  const uint32_t results = std::min<uint32_t>(trace.result_count, SKLAB_PROGRAMS * SKLAB_STEPS);
  result.step_results.assign(trace.results, trace.results + results);
  return result;
}

int LifecyclePrograms::fd(size_t program) const {
  return program == kOtherProgram ? state_->other.get() : state_->programs[program].fd();
}

int LifecyclePrograms::map_fd(SocketMapKind map) const {
  const auto &maps = state_->object->maps;
  return bpf_map__fd(map == SocketMapKind::kSockmap ? maps.sockmap : maps.sockhash);
}

size_t LifecyclePrograms::number_of(uint32_t id) const {
  const auto found = std::find(state_->ids.begin(), state_->ids.end(), id);
  return static_cast<size_t>(std::distance(state_->ids.begin(), found));
}

}  // namespace sklab
