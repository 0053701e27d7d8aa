// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_stops.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
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

std::optional<uint32_t> read_number(const char *path) {
  const std::string text = read_fact(path, "");
  if (text.empty()) return std::nullopt;
  return static_cast<uint32_t>(std::strtoul(text.c_str(), nullptr, 10));
}

int ignore(void * /*context*/, void * /*data*/, size_t /*size*/) { return 0; }

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
  MappedArray<sklab_race_stops> stops;
  std::unique_ptr<ring_buffer, FreeRing> passed;
  std::vector<Range> ranges;
  uint32_t kprobe_type;
  std::vector<std::unique_ptr<bpf_link, Unlink>> links = {};
  std::vector<std::string> places = {};

  static std::vector<Range> ranges_of(const Symbols &symbols);
  bool add(FuzzRandom &random);
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
    // What follows may be far away, or padding.
    constexpr uint64_t kMostBytes = 4096;
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
  const auto type = read_number("/sys/bus/event_source/devices/kprobe/type");
  if (!type) return fail_as(ErrorKind::kUnavailable, "stop races", "", 0, "CONFIG_KPROBE_EVENTS");
  // An optimised one waits, with the lock of the kernel's code, until all threads have slept.
  const auto plain = append_to_file("/proc/sys/debug/kprobes-optimization", "0");
  if (!plain && plain.error().error_number != ENOENT) return tl::unexpected(plain.error());
  auto object = Skeleton<race_stop_bpf>::open_and_load("race_stop");
  if (!object) {
    object.error().kind = ErrorKind::kUnavailable;
    return tl::unexpected(object.error());
  }
  SKLAB_TRY(auto stops, MappedArray<sklab_race_stops>::map((*object)->maps.stops));
  std::unique_ptr<ring_buffer, State::FreeRing> passed(
      ring_buffer__new(bpf_map__fd((*object)->maps.passed), ignore, nullptr, nullptr));
  if (!passed) return fail("read", "stops of the race", errno);
  return RaceStops(std::unique_ptr<State>(new State{
      std::move(*object), std::move(stops), std::move(passed), State::ranges_of(symbols), *type}));
}

// The kernel refuses what is in the middle of an instruction.
bool RaceStops::State::add(FuzzRandom &random) {
  const Range &range = ranges[random.below(ranges.size())];
  const size_t offset = random.below(range.bytes);
  perf_event_attr attributes{};
  attributes.size = sizeof(attributes);
  attributes.type = kprobe_type;
  attributes.kprobe_addr = range.address + offset;
  UniqueFd event(static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!event.valid()) return false;
  std::unique_ptr<bpf_link, Unlink> link(
      bpf_program__attach_perf_event(object->progs.stop, event.get()));
  if (!link) return false;
  (void)event.release();  // the link closes it
  links.push_back(std::move(link));
  places.push_back(fmt::format("{}+{:#x}", range.name, offset));
  return true;
}

void RaceStops::move(FuzzRandom &random) {
  constexpr size_t kMostPlaces = 3;
  constexpr unsigned kAttempts = 40;
  state_->links.clear();
  state_->places.clear();
  if (state_->ranges.empty()) return;
  const size_t wanted = 1 + random.below(kMostPlaces);
  for (unsigned i = 0; i < kAttempts && state_->places.size() < wanted; ++i) {
    (void)state_->add(random);
  }
}

const std::vector<std::string> &RaceStops::places() const { return state_->places; }
void RaceStops::arm(uint64_t times) { state_->stops[0].left = times; }
int RaceStops::fd() const { return ring_buffer__epoll_fd(state_->passed.get()); }

size_t RaceStops::take() {
  return static_cast<size_t>(std::max(0, ring_buffer__consume(state_->passed.get())));
}

}  // namespace sklab
