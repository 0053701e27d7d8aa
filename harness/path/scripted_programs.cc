// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/scripted_programs.h"

#include <bpf/bpf.h>

#include <cerrno>

#include "bpf/abi.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"
#include "harness/kernel/skeleton.h"
#include "scripted_bpf.skel.h"

namespace sklab {
namespace {

Result<> write_script(const ScriptedProgram &program, sklab_script &script) {
  if (program.assigns.size() > SKLAB_ASSIGNS) {
    return fail_as(ErrorKind::kUnavailable, "run a program with more assigns than",
                   std::to_string(SKLAB_ASSIGNS));
  }
  script = {};
  script.assign_count = static_cast<uint32_t>(program.assigns.size());
  script.return_code = program.return_code;
  for (size_t i = 0; i < program.assigns.size(); ++i) {
    const AssignOperation &assign = program.assigns[i];
    script.assigns[i].socket =
        assign.socket ? static_cast<uint32_t>(*assign.socket) : SKLAB_NO_SOCKET;
    script.assigns[i].flags = assign.flags;
  }
  return Ok{};
}

Result<> fill_socket_map(const bpf_map *map, const Scenario &scenario, const SocketSet &sockets) {
  for (const ScriptedProgram &program : scenario.programs) {
    for (const AssignOperation &assign : program.assigns) {
      if (!assign.socket) continue;
      const auto slot = static_cast<uint32_t>(*assign.socket);
      const auto fd = static_cast<uint64_t>(sockets.fd(slot));
      if (bpf_map_update_elem(bpf_map__fd(map), &slot, &fd, BPF_ANY) != 0) {
        return fail("put into SOCKMAP socket", scenario.sockets[slot].name, errno);
      }
    }
  }
  return Ok{};
}

}  // namespace

struct ScriptedPrograms::State {
  Skeleton<scripted_bpf> object;
  MappedArray<sklab_script> scripts;
  std::vector<Program> programs;
  // After the programs, so that links go first.
  std::vector<NetnsLink> links;
};

ScriptedPrograms::ScriptedPrograms(std::unique_ptr<State> state) : state_(std::move(state)) {}
ScriptedPrograms::ScriptedPrograms(ScriptedPrograms &&) noexcept = default;
ScriptedPrograms &ScriptedPrograms::operator=(ScriptedPrograms &&) noexcept = default;
ScriptedPrograms::~ScriptedPrograms() = default;

Result<ScriptedPrograms> ScriptedPrograms::create(const Scenario &scenario,
                                                  const SocketSet &sockets) {
  if (scenario.programs.size() > SKLAB_PROGRAMS) {
    return fail("run scripted programs:", std::to_string(scenario.programs.size()), E2BIG);
  }
  SKLAB_TRY(auto object, Skeleton<scripted_bpf>::open_and_load("scripted"));
  SKLAB_TRY(auto scripts, MappedArray<sklab_script>::map(object->maps.scripts));
  SKLAB_CHECK(fill_socket_map(object->maps.sockets, scenario, sockets));
  auto state = std::make_unique<State>(State{std::move(object), std::move(scripts), {}, {}});
  for (size_t i = 0; i < scenario.programs.size(); ++i) {
    SKLAB_CHECK(write_script(scenario.programs[i], state->scripts[i]));
    SKLAB_TRY(Program program,
              Program::copy_of(state->object->progs.scripted,
                               ImmediatePatch{SKLAB_POSITION_MARKER, static_cast<int32_t>(i)}));
    state->programs.push_back(std::move(program));
  }
  return ScriptedPrograms(std::move(state));
}

Result<> ScriptedPrograms::attach(const Netns &netns) {
  for (const Program &program : state_->programs) {
    SKLAB_TRY(NetnsLink link, NetnsLink::attach(program.fd(), netns));
    state_->links.push_back(std::move(link));
  }
  return Ok{};
}

std::vector<uint64_t> ScriptedPrograms::run_counts() const {
  std::vector<uint64_t> counts;
  for (size_t i = 0; i < state_->programs.size(); ++i) counts.push_back(state_->scripts[i].runs);
  return counts;
}

std::vector<std::vector<int>> ScriptedPrograms::assign_results() const {
  std::vector<std::vector<int>> results;
  for (size_t i = 0; i < state_->programs.size(); ++i) {
    const sklab_script &script = state_->scripts[i];
    const size_t count = script.runs == 0 ? 0 : script.assign_count;
    results.emplace_back(script.results, script.results + count);
  }
  return results;
}

int ScriptedPrograms::fd(size_t position) const { return state_->programs[position].fd(); }

}  // namespace sklab
