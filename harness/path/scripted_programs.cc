// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/scripted_programs.h"

#include <bpf/bpf.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "bpf/abi.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"
#include "harness/kernel/skeleton.h"
#include "harness/path/lookup_tuple.h"
#include "scripted_bpf.skel.h"

namespace sklab {
namespace {

static_assert(static_cast<int>(Dialect::kRedirect) == SKLAB_REDIRECT);
static_assert(static_cast<int>(Dialect::kOkDrop) == SKLAB_OK_DROP);
static_assert(static_cast<int>(Dialect::kPassDrop) == SKLAB_PASS_DROP);

uint32_t kind_of(const Packet &packet) {
  const bool ipv6 = packet.source.address.family == Family::kIpv6;
  if (packet.protocol == Protocol::kUdp) return ipv6 ? SKLAB_UDP6 : SKLAB_UDP4;
  return ipv6 ? SKLAB_TCP6 : SKLAB_TCP4;
}

}  // namespace

Result<> write_script(const ScriptedProgram &program, sklab_script &script) {
  if (program.assigns.size() > SKLAB_ASSIGNS) {
    return fail_as(ErrorKind::kUnavailable, "run a program with more assigns than",
                   std::to_string(SKLAB_ASSIGNS));
  }
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

void write_packet(const Packet &packet, sklab_packet &written) {
  write_tuple(packet, written.addresses);
  written.kind = kind_of(packet);
}

struct ScriptedPrograms::State {
  Skeleton<scripted_bpf> object;
  MappedArray<sklab_script> scripts;
  MappedArray<sklab_run> runs;
  MappedArray<sklab_packet> packets;
  MappedArray<sklab_lookup> lookups;
  MappedArray<sklab_batch_state> batch;
  MappedArray<sklab_choice> choices;
  std::vector<Program> programs;
  std::vector<Program> choosers;
  std::vector<uint32_t> filled_slots;  // of the socket map
  std::optional<NetnsId> attached_to;
  Dialect attached_dialect = Dialect::kPassDrop;
  // After the programs, so that links go first.
  std::vector<NetnsLink> links;

  [[nodiscard]] size_t run_index(size_t lookup, size_t position) {
    return lookup * batch[0].program_count + position;
  }
  Result<> load_programs(size_t count);
  Result<int> program_at(size_t position);
};

Result<> ScriptedPrograms::State::load_programs(size_t count) {
  while (programs.size() < count) {
    const auto position = static_cast<int32_t>(programs.size());
    SKLAB_TRY(Program program, Program::copy_of(object->progs.scripted,
                                                ImmediatePatch{SKLAB_POSITION_MARKER, position}));
    programs.push_back(std::move(program));
  }
  return Ok{};
}

ScriptedPrograms::ScriptedPrograms(std::unique_ptr<State> state) : state_(std::move(state)) {}
ScriptedPrograms::ScriptedPrograms(ScriptedPrograms &&) noexcept = default;
ScriptedPrograms &ScriptedPrograms::operator=(ScriptedPrograms &&) noexcept = default;
ScriptedPrograms::~ScriptedPrograms() = default;

Result<ScriptedPrograms> ScriptedPrograms::create(Capacity capacity) {
  SKLAB_TRY(auto object, Skeleton<scripted_bpf>::open("scripted"));
  for (bpf_map *map : {object->maps.scripts, object->maps.runs}) {
    bpf_map__set_max_entries(map, capacity.scripts);
  }
  for (bpf_map *map : {object->maps.packets, object->maps.lookups}) {
    bpf_map__set_max_entries(map, capacity.lookups);
  }
  SKLAB_CHECK(object.load());
  SKLAB_TRY(auto scripts, MappedArray<sklab_script>::map(object->maps.scripts));
  SKLAB_TRY(auto runs, MappedArray<sklab_run>::map(object->maps.runs));
  SKLAB_TRY(auto packets, MappedArray<sklab_packet>::map(object->maps.packets));
  SKLAB_TRY(auto lookups, MappedArray<sklab_lookup>::map(object->maps.lookups));
  SKLAB_TRY(auto batch, MappedArray<sklab_batch_state>::map(object->maps.batch));
  SKLAB_TRY(auto choices, MappedArray<sklab_choice>::map(object->maps.choices));
  return ScriptedPrograms(std::make_unique<State>(State{std::move(object),
                                                        std::move(scripts),
                                                        std::move(runs),
                                                        std::move(packets),
                                                        std::move(lookups),
                                                        std::move(batch),
                                                        std::move(choices),
                                                        {},
                                                        {},
                                                        {},
                                                        {},
                                                        {},
                                                        {}}));
}

void ScriptedPrograms::detach() {
  state_->links.clear();
  state_->attached_to.reset();
}

Result<> ScriptedPrograms::use_population(const SocketSet &sockets,
                                          std::span<const size_t> assigned) {
  detach();
  const int map = bpf_map__fd(state_->object->maps.sockets);
  // A socket that was closed has left the map by itself.
  for (const uint32_t slot : state_->filled_slots) bpf_map_delete_elem(map, &slot);
  state_->filled_slots.clear();
  for (const size_t index : assigned) {
    const auto slot = static_cast<uint32_t>(index);
    const auto fd = static_cast<uint64_t>(sockets.fd(index));
    if (bpf_map_update_elem(map, &slot, &fd, BPF_ANY) != 0) {
      return fail("put into SOCKMAP socket", std::to_string(index), errno);
    }
    state_->filled_slots.push_back(slot);
  }
  return Ok{};
}

Result<> ScriptedPrograms::attach(const Netns &netns, Dialect dialect, const ReturnCodes &codes,
                                  size_t programs) {
  if (programs > SKLAB_PROGRAMS) {
    return fail("run scripted programs:", std::to_string(programs), E2BIG);
  }
  SKLAB_TRY(const NetnsId id, netns_id(netns.fd()));
  if (state_->attached_to != id || state_->attached_dialect != dialect) state_->links.clear();
  state_->attached_to = id;
  state_->attached_dialect = dialect;
  state_->batch[0] = {.lookup_count = 0,
                      .program_count = static_cast<uint32_t>(programs),
                      .first_run = 0,
                      .dialect = static_cast<uint32_t>(dialect),
                      .code_ok = codes.ok,
                      .code_drop = codes.drop,
                      .code_redirect = codes.redirect,
                      .sequence = 0};
  const bool dispatched = dialect != Dialect::kPassDrop;
  const size_t wanted = dispatched ? std::min<size_t>(programs, 1) : programs;
  if (!dispatched) SKLAB_CHECK(state_->load_programs(wanted));
  while (state_->links.size() > wanted) state_->links.pop_back();
  while (state_->links.size() < wanted) {
    const int fd = dispatched ? bpf_program__fd(state_->object->progs.dispatch)
                              : state_->programs[state_->links.size()].fd();
    SKLAB_TRY(NetnsLink link, NetnsLink::attach(fd, netns));
    state_->links.push_back(std::move(link));
  }
  return Ok{};
}

Result<> ScriptedPrograms::attach_reuseport(const Scenario &scenario, const SocketSet &sockets) {
  if (scenario.reuseport_programs.size() > SKLAB_CHOICES) {
    return fail("run SK_REUSEPORT programs:", std::to_string(scenario.reuseport_programs.size()),
                E2BIG);
  }
  for (size_t i = 0; i < scenario.reuseport_programs.size(); ++i) {
    if (state_->choosers.size() == i) {
      SKLAB_TRY(Program program,
                Program::copy_of(state_->object->progs.choose,
                                 ImmediatePatch{SKLAB_POSITION_MARKER, static_cast<int32_t>(i)}));
      state_->choosers.push_back(std::move(program));
    }
    const ReuseportProgram &program = scenario.reuseport_programs[i];
    state_->choices[i] = {static_cast<uint32_t>(program.action),
                          static_cast<uint32_t>(program.socket), 0};
    const int fd = state_->choosers[i].fd();
    for (size_t k = 0; k < scenario.sockets.size(); ++k) {
      if (scenario.sockets[k].reuseport_group != program.group || scenario.sockets[k].peer)
        continue;
      if (::setsockopt(sockets.fd(k), SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &fd, sizeof(fd)) != 0) {
        return fail("attach SK_REUSEPORT program to socket", scenario.sockets[k].name, errno);
      }
    }
  }
  return Ok{};
}

Result<> ScriptedPrograms::write(size_t index, const Scenario &scenario) {
  const size_t first = state_->run_index(index, 0);
  for (size_t i = first; i < first + scenario.programs.size(); ++i) {
    SKLAB_CHECK(write_script(scenario.programs[i - first], state_->scripts[i]));
    state_->runs[i] = {.script = static_cast<uint32_t>(i), .count = 0, .order = 0, .results = {}};
  }
  write_packet(scenario.packet, state_->packets[index]);
  state_->lookups[index] = {.packet = static_cast<uint32_t>(index), .mark = 0};
  return Ok{};
}

ScriptedPrograms::Batch ScriptedPrograms::batch() {
  return {state_->scripts.all(), state_->runs.all(), state_->packets.all(), state_->lookups.all()};
}

Result<> ScriptedPrograms::look_up(size_t count) {
  state_->batch[0].lookup_count = static_cast<uint32_t>(count);
  // The smallest frame TEST_RUN takes for a TC program is an Ethernet header.
  std::array<char, 64> frame{};
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = frame.size(),
              .repeat = 1);
  if (bpf_prog_test_run_opts(bpf_program__fd(state_->object->progs.drive), &options) != 0) {
    return fail("run", "scripted lookups", errno);
  }
  if (options.retval == count) return Ok{};
  return fail("run scripted lookups:",
              std::to_string(options.retval) + " of " + std::to_string(count) + " were made");
}

void ScriptedPrograms::select(size_t index) {
  state_->batch[0].first_run = static_cast<uint32_t>(state_->run_index(index, 0));
  state_->batch[0].sequence = 0;
}

void ScriptedPrograms::read(size_t index, Observation &observation) const {
  const size_t programs = state_->batch[0].program_count;
  const size_t first = state_->run_index(index, 0);
  observation.socket = SocketSet::index_of(state_->lookups[index].mark);
  observation.run_counts.resize(programs);
  observation.assign_results.resize(programs);
  observation.in_order = true;
  for (size_t i = 0; i < programs; ++i) {
    const sklab_run &run = state_->runs[first + i];
    const size_t assigns = run.count == 0 ? 0 : state_->scripts[run.script].assign_count;
    observation.run_counts[i] = run.count;
    if (run.count > 0 && run.order != i + 1) observation.in_order = false;
    observation.assign_results[i].assign(run.results, run.results + assigns);
  }
}

std::vector<std::vector<int>> ScriptedPrograms::assign_results(size_t index) const {
  Observation observation;
  read(index, observation);
  return observation.assign_results;
}

std::vector<uint64_t> ScriptedPrograms::run_counts(size_t index) const {
  Observation observation;
  read(index, observation);
  return observation.run_counts;
}

uint64_t ScriptedPrograms::reuseport_runs(size_t program) const {
  return state_->choices[program].runs;
}

int ScriptedPrograms::fd(size_t position) const { return state_->programs[position].fd(); }

}  // namespace sklab
