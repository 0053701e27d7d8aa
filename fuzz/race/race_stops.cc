// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_stops.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <string_view>

#include "bpf/abi.h"
#include "harness/base/file.h"
#include "harness/base/unique_fd.h"
#include "harness/guest/profile/symbols.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/skeleton.h"
#include "race_stop_bpf.skel.h"

namespace sklab {
namespace {

// Beginnings of the names of what changes or reads what others change.
constexpr std::array<std::string_view, 24> kNames = {"bpf_netns_link_",
                                                     "netns_bpf_",
                                                     "bpf_obj_get_info_by_fd",
                                                     "link_update",
                                                     "link_detach",
                                                     "bpf_link_free",
                                                     "bpf_link_put",
                                                     "bpf_link_by_id",
                                                     "bpf_prog_put",
                                                     "bpf_prog_array_",
                                                     "__udp4_lib_lookup",
                                                     "udp4_lib_lookup",
                                                     "__inet_lookup_listener",
                                                     "inet_lookup_",
                                                     "reuseport_",
                                                     "__reuseport_",
                                                     "sock_map_",
                                                     "bpf_prog_test_run_sk_lookup",
                                                     "udp_lib_unhash",
                                                     "udp_lib_rehash",
                                                     "inet_unhash",
                                                     "udp_destroy_sock",
                                                     "cleanup_net",
                                                     "bpf_sk_lookup"};

// By enum sklab_race_field.
constexpr std::array kFields = {"prog", "net", "run_array", "first item"};

int ignore(void * /*context*/, void * /*data*/, size_t /*size*/) { return 0; }

Result<UniqueFd> breakpoint(uint32_t type, uint64_t address) {
  perf_event_attr attributes{};
  attributes.size = sizeof(attributes);
  attributes.type = PERF_TYPE_BREAKPOINT;
  attributes.bp_type = type;
  attributes.bp_addr = address;
  attributes.bp_len = HW_BREAKPOINT_LEN_8;
  attributes.sample_period = 1;
  UniqueFd event(static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC)));
  if (event.valid()) return event;
  return fail("set", "a breakpoint", errno);
}

}  // namespace

struct RaceStops::State {
  struct Range {
    std::string name;
    uint64_t address = 0;
    uint64_t bytes = 0;
  };
  struct Unlink {
    void operator()(bpf_link *link) const { bpf_link__destroy(link); }
  };
  struct FreeRing {
    void operator()(ring_buffer *ring) const { ring_buffer__free(ring); }
  };

  Skeleton<race_stop_bpf> object;
  mutable MappedArray<sklab_race_stops> stops;
  std::unique_ptr<ring_buffer, FreeRing> passed;
  std::unique_ptr<bpf_link, Unlink> iterator;
  std::vector<Range> ranges;
  std::vector<std::unique_ptr<bpf_link, Unlink>> links = {};
  std::vector<std::string> places = {};

  static std::vector<Range> ranges_of(const Symbols &symbols);
  Result<> find_watched();
  Result<> add(uint32_t type, uint64_t address, std::string place);
  Result<> add_any(FuzzRandom &random);
  [[nodiscard]] std::string name_of(uint32_t link_id) const;
};

std::vector<RaceStops::State::Range> RaceStops::State::ranges_of(const Symbols &symbols) {
  std::vector<Range> ranges;
  const auto &functions = symbols.functions();
  for (size_t i = 0; i + 1 < functions.size(); ++i) {
    const Function &function = functions[i];
    const bool wanted = std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
      return function.name.starts_with(name);
    });
    if (function.kind != CodeKind::kKernel || !wanted) continue;
    // What follows may be far away.
    constexpr uint64_t kMostBytes = 1U << 14U;
    ranges.push_back({function.name, function.address,
                      std::min(functions[i + 1].address - function.address, kMostBytes)});
  }
  return ranges;
}

RaceStops::RaceStops(std::unique_ptr<State> state) : state_(std::move(state)) {}
RaceStops::RaceStops(RaceStops &&) noexcept = default;
RaceStops::~RaceStops() = default;

Result<RaceStops> RaceStops::create() {
  SKLAB_TRY(const std::string kallsyms, read_file("/proc/kallsyms"));
  SKLAB_TRY(const Symbols symbols, Symbols::parse(kallsyms));
  auto object = Skeleton<race_stop_bpf>::open_and_load("race_stop");
  if (!object) {
    object.error().kind = ErrorKind::kUnavailable;
    return tl::unexpected(object.error());
  }
  SKLAB_TRY(auto stops, MappedArray<sklab_race_stops>::map((*object)->maps.stops));
  std::unique_ptr<ring_buffer, State::FreeRing> passed(
      ring_buffer__new(bpf_map__fd((*object)->maps.passed), ignore, nullptr, nullptr));
  if (!passed) return fail("read", "stops of the race", errno);
  std::unique_ptr<bpf_link, State::Unlink> iterator(
      bpf_program__attach_iter((*object)->progs.find_watched, nullptr));
  if (!iterator) return fail_as(ErrorKind::kUnavailable, "attach", "an iterator of links", errno);
  std::vector<State::Range> ranges = State::ranges_of(symbols);
  std::unique_ptr<State> state(new State{std::move(*object), std::move(stops), std::move(passed),
                                         std::move(iterator), std::move(ranges)});
  return RaceStops(std::move(state));
}

Result<> RaceStops::State::find_watched() {
  stops[0].watched_count = 0;
  const UniqueFd run(bpf_iter_create(bpf_link__fd(iterator.get())));
  char nothing = 0;
  if (run.valid() && ::read(run.get(), &nothing, 1) == 0) return Ok{};
  return fail("look at", "the links of the race", errno);
}

Result<> RaceStops::State::add(uint32_t type, uint64_t address, std::string place) {
  SKLAB_TRY(UniqueFd event, breakpoint(type, address));
  std::unique_ptr<bpf_link, Unlink> link(
      bpf_program__attach_perf_event(object->progs.stop, event.get()));
  if (!link) return fail("attach to", "a breakpoint", errno);
  (void)event.release();  // the link closes it
  links.push_back(std::move(link));
  places.push_back(std::move(place));
  return Ok{};
}

// Links are numbered as they were attached (RaceLab::begin()), after the one that holds the key.
std::string RaceStops::State::name_of(uint32_t link_id) const {
  std::set<uint32_t> before;
  for (uint64_t i = 0; i < stops[0].watched_count; ++i) {
    if (stops[0].watched[i].link < link_id) before.insert(stops[0].watched[i].link);
  }
  return before.empty() ? "the link elsewhere" : fmt::format("link {}", before.size() - 1);
}

Result<> RaceStops::State::add_any(FuzzRandom &random) {
  const uint64_t watched = std::min<uint64_t>(stops[0].watched_count, SKLAB_RACE_WATCHED);
  if (watched > 0 && !random.one_in(3)) {
    const size_t which = random.below(watched);
    const uint32_t type = random.one_in(4) ? HW_BREAKPOINT_W : HW_BREAKPOINT_RW;
    const auto &place = stops[0].watched[which];
    return add(type, place.address,
               fmt::format("{} of {}", kFields[place.field], name_of(place.link)));
  }
  // One in the middle of an instruction is never met.
  const Range &range = ranges[random.below(ranges.size())];
  const size_t offset = random.below(range.bytes);
  return add(HW_BREAKPOINT_X, range.address + offset, fmt::format("{}+{:#x}", range.name, offset));
}

Result<> RaceStops::choose(FuzzRandom &random) {
  constexpr size_t kRegisters = 4;
  state_->links.clear();
  state_->places.clear();
  SKLAB_CHECK(state_->find_watched());
  const size_t wanted = random.below(kRegisters + 1);
  for (size_t i = 0; i < wanted; ++i) SKLAB_CHECK(state_->add_any(random));
  return Ok{};
}

void RaceStops::arm(FuzzRandom &random) {
  constexpr size_t kMostSkipped = 8;
  constexpr size_t kMostStops = 8;
  state_->stops[0].skip = random.one_in(3) ? random.below(kMostSkipped) : 0;
  state_->stops[0].left = 1 + random.below(kMostStops);
}

void RaceStops::disarm() { state_->stops[0].left = 0; }

const std::vector<std::string> &RaceStops::places() const { return state_->places; }
uint64_t RaceStops::count() const { return state_->stops[0].passed; }
int RaceStops::fd() const { return ring_buffer__epoll_fd(state_->passed.get()); }

size_t RaceStops::take() {
  return static_cast<size_t>(std::max(0, ring_buffer__consume(state_->passed.get())));
}

}  // namespace sklab
