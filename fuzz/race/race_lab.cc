// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_lab.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <optional>
#include <vector>

#include "bpf/abi.h"
#include "fuzz/race/race_slots.h"
#include "fuzz/race/race_sockets.h"
#include "harness/kernel/instructions.h"
#include "harness/kernel/load_attempt.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"
#include "harness/kernel/skeleton.h"
#include "harness/path/probe.h"
#include "harness/path/test_run.h"
#include "race_bpf.skel.h"

namespace sklab {
namespace {

constexpr size_t kPlaces = SKLAB_RACE_LOOKUPS;
constexpr uint32_t kUnknownProgram = kFirstFreshProgram + kPlaces;

sklab_race_script encode(const RaceScript &script) {
  return {script.key ? static_cast<uint32_t>(*script.key) : uint32_t{SKLAB_NO_SOCKET}, script.flags,
          script.return_code, script.delay};
}

// The smallest one that there is: what it is for is to be freed.
UniqueFd load_fresh() {
  using namespace instructions;
  return attempt_load_quietly(Code(move(BPF_REG_0, 1), leave()).all()).fd;
}

uint32_t id_of(int program) { return program_id(program).value_or(0); }

}  // namespace

struct RaceLab::State {
  Skeleton<race_bpf> object;
  MappedArray<sklab_race_script> scripts;
  MappedArray<sklab_race_trace> traces;
  Probe probe;
  Netns elsewhere;  // where a program keeps the kernel's static key on
  NetnsLink key_holder;
  std::vector<Program> programs = {};
  std::vector<uint32_t> ids = {};
  // Of fresh programs, by place; 0 for none.
  std::array<std::atomic<uint32_t>, kPlaces> fresh_ids = {};
  Netns home;
  RaceSlots<kRaceNamespaces> namespaces = {};
  RaceSlots<kRaceLinks> links = {};
  RaceSockets sockets = {};
  bool sockets_changed = false;  // in the round before

  [[nodiscard]] size_t number_of(uint32_t id) const;
  int attach(int program, size_t link, size_t netns);
  int attach_first(size_t link, size_t program, size_t netns);
  int update(size_t place, const RaceCall &call);
  RaceResult query(const RaceCall &call) const;
  RaceResult info(const RaceCall &call) const;
  RaceResult look_up(size_t place, const RaceCall &call);
  [[nodiscard]] static int info_by_id();
  [[nodiscard]] int run_alone(size_t place, const RaceCall &call) const;
  [[nodiscard]] int put(size_t key, size_t socket) const;
  [[nodiscard]] int erase(size_t key) const;
  RaceResult change_links(size_t place, const RaceCall &call);
  RaceResult change_sockets(const RaceCall &call);
};

RaceLab::RaceLab(std::unique_ptr<State> state) : state_(std::move(state)) {}
RaceLab::RaceLab(RaceLab &&) noexcept = default;
RaceLab &RaceLab::operator=(RaceLab &&) noexcept = default;
RaceLab::~RaceLab() = default;

Result<RaceLab> RaceLab::create() {
  SKLAB_TRY(auto object, Skeleton<race_bpf>::open_and_load("race"));
  SKLAB_TRY(auto scripts, MappedArray<sklab_race_script>::map(object->maps.scripts));
  SKLAB_TRY(auto traces, MappedArray<sklab_race_trace>::map(object->maps.traces));
  SKLAB_TRY(Probe probe, Probe::create());
  SKLAB_TRY(Netns elsewhere, Netns::create());
  SKLAB_TRY(NetnsLink key_holder,
            NetnsLink::attach(bpf_program__fd(object->progs.raced_0), elsewhere));
  SKLAB_TRY(Netns home, Netns::create());
  std::vector<LookupTarget> targets;
  targets.reserve(kPlaces * kRaceSockets);
  for (size_t socket = 0; socket < kRaceSockets; ++socket) {
    for (size_t place = 0; place < kPlaces; ++place) {
      const auto port = static_cast<uint16_t>(SKLAB_RACE_PORT + place);
      targets.push_back({RaceSockets::packet_to(socket, port), 0, UINT32_MAX});
    }
  }
  SKLAB_CHECK(probe.set_targets(targets));
  if (::setns(home.fd(), CLONE_NEWNET) != 0) return fail("enter", "the race's netns", errno);
  std::unique_ptr<State> state(new State{std::move(object),
                                         std::move(scripts),
                                         std::move(traces),
                                         std::move(probe),
                                         std::move(elsewhere),
                                         std::move(key_holder),
                                         {},
                                         {},
                                         {},
                                         std::move(home)});
  const auto &loaded = state->object->progs;
  const std::array<bpf_program *, kRacePrograms> all = {loaded.raced_0, loaded.raced_1,
                                                        loaded.raced_2, loaded.raced_3};
  for (bpf_program *one : all) {
    SKLAB_TRY(Program program, Program::shared_with(bpf_program__fd(one)));
    state->ids.push_back(id_of(program.fd()));
    state->programs.push_back(std::move(program));
  }
  return RaceLab(std::move(state));
}

Result<> RaceLab::begin(const RacePlan &plan) {
  State &state = *state_;
  for (size_t i = 0; i < plan.scripts.size(); ++i) state.scripts[i] = encode(plan.scripts[i]);
  state.links.clear();
  for (auto &id : state.fresh_ids) id = 0;
  if (state.namespaces.get(0) < 0) {
    state.namespaces.put(0, UniqueFd(::fcntl(state.home.fd(), F_DUPFD_CLOEXEC, 0)));
  }
  if (!plan.links_only && state.namespaces.get(1) < 0) {
    SKLAB_TRY(const Netns netns, Netns::create());
    state.namespaces.put(1, UniqueFd(::fcntl(netns.fd(), F_DUPFD_CLOEXEC, 0)));
  }
  SKLAB_CHECK(state.sockets.begin(state.sockets_changed));
  state.sockets_changed = !plan.links_only;
  for (size_t key = 0; key < kRaceKeys; ++key) {
    const int error = state.put(key, key);
    if (error != 0) return fail("put a socket into", "the race's map", -error);
  }
  for (size_t i = 0; i < plan.links.size(); ++i) {
    // The last ones are where the second namespace is, if there is one.
    const size_t netns = !plan.links_only && i > 0 ? 1 : 0;
    const int error = state.attach_first(i, plan.links[i], netns);
    if (error != 0) return fail("attach", "a program of the race", -error);
  }
  return Ok{};
}

size_t RaceLab::State::number_of(uint32_t id) const {
  if (id == 0) return kGoneProgram;
  const auto known = std::find(ids.begin(), ids.end(), id);
  if (known != ids.end()) return static_cast<size_t>(known - ids.begin());
  const auto *const fresh = std::find(fresh_ids.begin(), fresh_ids.end(), id);
  if (fresh == fresh_ids.end()) return kUnknownProgram;
  return kFirstFreshProgram + static_cast<size_t>(fresh - fresh_ids.begin());
}

int RaceLab::State::attach(int program, size_t link, size_t netns) {
  UniqueFd fd(bpf_link_create(program, namespaces.get(netns), BPF_SK_LOOKUP, nullptr));
  if (!fd.valid()) return -errno;
  links.put(link, std::move(fd));
  return 0;
}

int RaceLab::State::attach_first(size_t link, size_t program, size_t netns) {
  if (program < kRacePrograms) return attach(programs[program].fd(), link, netns);
  const UniqueFd fresh = load_fresh();
  fresh_ids[kFirstPlace + link] = id_of(fresh.get());
  return attach(fresh.get(), link, netns);
}

int RaceLab::State::update(size_t place, const RaceCall &call) {
  LIBBPF_OPTS(bpf_link_update_opts, options);
  const bool expects =
      call.kind == RaceCallKind::kReplace || call.kind == RaceCallKind::kReplaceFresh;
  if (expects) {
    options.flags = BPF_F_REPLACE;
    options.old_prog_fd = static_cast<__u32>(programs[call.expected].fd());
  }
  if (call.kind == RaceCallKind::kUpdate || call.kind == RaceCallKind::kReplace) {
    return error_of(bpf_link_update(links.get(call.link), programs[call.program].fd(), &options));
  }
  const UniqueFd fresh = load_fresh();
  // By it others are to know the program as soon as they can see it.
  fresh_ids[place] = id_of(fresh.get());
  return error_of(bpf_link_update(links.get(call.link), fresh.get(), &options));
}

RaceResult RaceLab::State::query(const RaceCall &call) const {
  std::array<uint32_t, SKLAB_PROGRAMS> found{};
  LIBBPF_OPTS(bpf_prog_query_opts, options, .prog_ids = found.data(), .prog_cnt = found.size());
  RaceResult result;
  result.error = error_of(bpf_prog_query_opts(namespaces.get(call.netns), BPF_SK_LOOKUP, &options));
  if (result.error != 0) return result;
  for (uint32_t i = 0; i < options.prog_cnt; ++i) result.programs.push_back(number_of(found[i]));
  return result;
}

RaceResult RaceLab::State::info(const RaceCall &call) const {
  bpf_link_info info{};
  __u32 size = sizeof(info);
  RaceResult result;
  result.error = error_of(bpf_obj_get_info_by_fd(links.get(call.link), &info, &size));
  result.programs = {number_of(info.prog_id)};
  result.attached = info.netns.netns_ino != 0;
  return result;
}

RaceResult RaceLab::State::look_up(size_t place, const RaceCall &call) {
  sklab_race_trace &trace = traces[place];
  trace.runs = 0;
  BatchRequest request;
  request.protocol = RaceSockets::packet_to(call.socket, 0).protocol;
  request.first_target = static_cast<uint32_t>(call.socket * kPlaces + place);
  request.slot = static_cast<uint32_t>(place);
  RaceResult result;
  const auto found = probe.run(request);
  if (!found) {
    result.error = -found.error().error_number;
    return result;
  }
  result.mark = found->last_mark;
  const uint32_t runs = std::min<uint32_t>(trace.runs, SKLAB_RACE_TRACE);
  result.programs.assign(trace.numbers, trace.numbers + runs);
  return result;
}

// As `bpftool prog` and `bpftool link` do: of all that are there, while they go.
int RaceLab::State::info_by_id() {
  uint32_t id = 0;
  while (bpf_prog_get_next_id(id, &id) == 0) {
    const UniqueFd program(bpf_prog_get_fd_by_id(id));
    bpf_prog_info info{};
    __u32 size = sizeof(info);
    if (program.valid()) (void)bpf_obj_get_info_by_fd(program.get(), &info, &size);
  }
  id = 0;
  while (bpf_link_get_next_id(id, &id) == 0) {
    const UniqueFd link(bpf_link_get_fd_by_id(id));
    bpf_link_info info{};
    __u32 size = sizeof(info);
    if (link.valid()) (void)bpf_obj_get_info_by_fd(link.get(), &info, &size);
  }
  return 0;
}

int RaceLab::State::put(size_t key, size_t socket) const {
  const auto at = static_cast<uint32_t>(key);
  const auto fd = static_cast<uint64_t>(sockets.fd(socket));
  return error_of(bpf_map_update_elem(bpf_map__fd(object->maps.sockets), &at, &fd, BPF_ANY));
}

int RaceLab::State::run_alone(size_t place, const RaceCall &call) const {
  const auto port = static_cast<uint16_t>(SKLAB_RACE_PORT + place);
  const auto run =
      test_run(programs[call.program].fd(), RaceSockets::packet_to(call.socket, port), 1);
  return run ? 0 : -run.error().error_number;
}

int RaceLab::State::erase(size_t key) const {
  const auto at = static_cast<uint32_t>(key);
  return error_of(bpf_map_delete_elem(bpf_map__fd(object->maps.sockets), &at));
}

RaceResult RaceLab::State::change_links(size_t place, const RaceCall &call) {
  RaceResult result;
  switch (call.kind) {
    case RaceCallKind::kAttach:
      result.error = attach(programs[call.program].fd(), call.link, call.netns);
      break;
    case RaceCallKind::kDetach:
      result.error = error_of(bpf_link_detach(links.get(call.link)));
      break;
    case RaceCallKind::kCloseLink:
      links.clear(call.link);
      break;
    case RaceCallKind::kExitNetns:
      namespaces.clear(1);
      break;
    default:
      result.error = update(place, call);
  }
  return result;
}

RaceResult RaceLab::State::change_sockets(const RaceCall &call) {
  RaceResult result;
  switch (call.kind) {
    case RaceCallKind::kReopenSocket:
      result.error = sockets.reopen(call.socket);
      break;
    case RaceCallKind::kConnectSocket:
      result.error = sockets.connect(call.socket);
      break;
    case RaceCallKind::kDisconnectSocket:
      result.error = sockets.disconnect(call.socket);
      break;
    case RaceCallKind::kListen:
      result.error = sockets.listen(call.socket);
      break;
    case RaceCallKind::kAccept:
      result.error = sockets.accept(call.socket);
      break;
    case RaceCallKind::kPut:
      result.error = put(call.key, call.socket);
      break;
    case RaceCallKind::kErase:
      result.error = erase(call.key);
      break;
    default:
      result.error = RaceSockets::send(call.socket);
  }
  return result;
}

RaceResult RaceLab::perform(size_t place, const RaceCall &call) {
  State &state = *state_;
  switch (call.kind) {
    case RaceCallKind::kQuery:
      return state.query(call);
    case RaceCallKind::kInfo:
      return state.info(call);
    case RaceCallKind::kLookUp:
      return state.look_up(place, call);
    case RaceCallKind::kInfoById:
      return {State::info_by_id(), {}, false, 0};
    case RaceCallKind::kTestRun:
      return {state.run_alone(place, call), {}, false, 0};
    case RaceCallKind::kReopenSocket:
    case RaceCallKind::kConnectSocket:
    case RaceCallKind::kDisconnectSocket:
    case RaceCallKind::kListen:
    case RaceCallKind::kAccept:
    case RaceCallKind::kPut:
    case RaceCallKind::kErase:
    case RaceCallKind::kSend:
      return state.change_sockets(call);
    default:
      return state.change_links(place, call);
  }
}

}  // namespace sklab
