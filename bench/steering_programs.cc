// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/steering_programs.h"

#include <bpf/bpf.h>

#include <cassert>
#include <cerrno>
#include <cstring>

#include "bench/series_bindings.h"
#include "harness/kernel/skeleton.h"
#include "series_bpf.skel.h"
#include "steer_bpf.skel.h"

namespace sklab {
namespace {

Result<> put_socket(const bpf_map *map, uint32_t slot, const SocketSet &sockets, size_t index) {
  const auto fd = static_cast<uint64_t>(sockets.fd(index));
  if (bpf_map_update_elem(bpf_map__fd(map), &slot, &fd, BPF_ANY) == 0) return Ok{};
  return fail("put a socket into", bpf_map__name(map), errno);
}

void set_ranges(const FamilyCase &family, steer_bpf &steer) {
  auto &rodata = *steer.rodata;
  if (family.range.family == Family::kIpv4) {
    constexpr uint8_t kMask[4] = {255, 255, 255, 0};
    std::memcpy(const_cast<uint32_t *>(&rodata.range_prefix4), family.range.bytes.data(), 4);
    std::memcpy(const_cast<uint32_t *>(&rodata.range_mask4), kMask, 4);
  } else {
    std::memcpy(const_cast<uint32_t *>(&rodata.range_prefix6[0]), family.range.bytes.data(), 8);
  }
  rodata.range_port_low = kRangePortLow;
  rodata.range_port_high = kRangePortHigh;
}

}  // namespace

struct SteeringPrograms::State {
  Skeleton<steer_bpf> steer;
  Skeleton<series_bpf> series;

  [[nodiscard]] const bpf_program *program(Steering steering) const {
    switch (steering) {
      case Steering::kNone:
      case Steering::kForeign:
      case Steering::kObject:
        break;
      case Steering::kPass:
        return steer->progs.pass;
      case Steering::kDrop:
        return steer->progs.drop;
      case Steering::kAssignSockmap:
        return steer->progs.assign_sockmap;
      case Steering::kAssignSockhash:
        return steer->progs.assign_sockhash;
      case Steering::kAssignReuseport:
        return steer->progs.assign_reuseport;
      case Steering::kAssignNoReuseport:
        return steer->progs.assign_no_reuseport;
      case Steering::kIpRange:
        return steer->progs.ip_range;
      case Steering::kPortRange:
        return steer->progs.port_range;
      case Steering::kIpPortRange:
        return steer->progs.ip_port_range;
      case Steering::kSeries:
        return series->progs.series;
    }
    assert(!"a program that is attached here");
    return nullptr;
  }
};

SteeringPrograms::SteeringPrograms(std::unique_ptr<State> state) : state_(std::move(state)) {}
SteeringPrograms::SteeringPrograms(SteeringPrograms &&) noexcept = default;
SteeringPrograms &SteeringPrograms::operator=(SteeringPrograms &&) noexcept = default;
SteeringPrograms::~SteeringPrograms() = default;

Result<SteeringPrograms> SteeringPrograms::create(const FamilyCase &family,
                                                  const Population &population,
                                                  const SocketSet &sockets) {
  SKLAB_TRY(auto steer, Skeleton<steer_bpf>::open("steer"));
  set_ranges(family, *steer);
  SKLAB_CHECK(steer.load());
  // Slots as in bpf/steer.bpf.c.
  SKLAB_CHECK(put_socket(steer->maps.target_sockmap, 0, sockets, Population::kSteered));
  SKLAB_CHECK(put_socket(steer->maps.target_sockhash, 0, sockets, Population::kSteered));
  if (population.group_size != 0) {
    SKLAB_CHECK(put_socket(steer->maps.target_sockmap, 1, sockets, population.group_first));
  }
  SKLAB_TRY(auto series, Skeleton<series_bpf>::open_and_load("series"));
  SKLAB_CHECK(put_socket(series->maps.destinations, kSeriesSlot, sockets, Population::kSteered));
  SKLAB_CHECK(fill_series_bindings(family, bpf_map__fd(series->maps.bindings),
                                   bpf_map__fd(series->maps.labels)));
  return SteeringPrograms(std::make_unique<State>(State{std::move(steer), std::move(series)}));
}

Result<SteeringPrograms> SteeringPrograms::create_without_targets() {
  SKLAB_TRY(auto steer, Skeleton<steer_bpf>::open_and_load("steer"));
  SKLAB_TRY(auto series, Skeleton<series_bpf>::open_and_load("series"));
  return SteeringPrograms(std::make_unique<State>(State{std::move(steer), std::move(series)}));
}

Result<std::vector<Program>> SteeringPrograms::instances(Steering steering, unsigned count) const {
  std::vector<Program> programs;
  for (unsigned i = 0; i < count; ++i) {
    SKLAB_TRY(Program program, Program::copy_of(state_->program(steering)));
    programs.push_back(std::move(program));
  }
  return programs;
}

int SteeringPrograms::series_bindings_fd() const {
  return bpf_map__fd(state_->series->maps.bindings);
}

int SteeringPrograms::series_destinations_fd() const {
  return bpf_map__fd(state_->series->maps.destinations);
}

}  // namespace sklab
