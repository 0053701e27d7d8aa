// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_programs.h"

#include <bpf/bpf.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "bench/range/range_sockets.h"
#include "harness/kernel/skeleton.h"
#include "range_bpf.skel.h"

namespace sklab {
namespace {

void set_range(const FamilyCase &family, range_bpf &object) {
  auto &rodata = *object.rodata;
  if (family.range.family == Family::kIpv4) {
    constexpr uint8_t kMask[4] = {255, 255, 255, 0};
    std::memcpy(const_cast<uint32_t *>(&rodata.range_prefix4), family.range.bytes.data(), 4);
    std::memcpy(const_cast<uint32_t *>(&rodata.range_mask4), kMask, 4);
  } else {
    std::memcpy(const_cast<uint32_t *>(&rodata.range_prefix6[0]), family.range.bytes.data(), 8);
  }
  rodata.range_port_low = kRangePortLow;
}

Result<> put_range_socket(const bpf_map *map, uint32_t slot, int socket_fd) {
  const auto fd = static_cast<uint64_t>(socket_fd);
  if (bpf_map_update_elem(bpf_map__fd(map), &slot, &fd, BPF_ANY) == 0) return Ok{};
  return fail("put a socket into", bpf_map__name(map), errno);
}

}  // namespace

struct RangePrograms::State {
  Skeleton<range_bpf> object;
  const bpf_program *program;
};

RangePrograms::RangePrograms(std::unique_ptr<State> state) : state_(std::move(state)) {}
RangePrograms::RangePrograms(RangePrograms &&) noexcept = default;
RangePrograms &RangePrograms::operator=(RangePrograms &&) noexcept = default;
RangePrograms::~RangePrograms() = default;

Result<RangePrograms> RangePrograms::load(RangeMethod method, const FamilyCase &family,
                                          const SocketSet &sockets) {
  SKLAB_TRY(auto object, Skeleton<range_bpf>::open("range"));
  set_range(family, *object);
  const bool chooses = method == RangeMethod::kReuseport;
  bpf_program *wanted = chooses                            ? object->progs.choose_member
                        : method == RangeMethod::kTcAssign ? object->progs.steer_packet
                                                           : object->progs.steer_lookup;
  for (bpf_program *program :
       {object->progs.choose_member, object->progs.steer_packet, object->progs.steer_lookup}) {
    bpf_program__set_autoload(program, program == wanted);
  }
  // What it does not use is not made, either.
  bpf_map__set_autocreate(object->maps.range_members, chooses);
  bpf_map__set_autocreate(object->maps.range_server, !chooses);
  SKLAB_CHECK(object.load());
  if (!chooses) {
    SKLAB_CHECK(put_range_socket(object->maps.range_server, 0, sockets.fd(0)));
  }
  for (uint32_t port = 0; chooses && port < kRangeSize; ++port) {
    SKLAB_CHECK(
        put_range_socket(object->maps.range_members, port, sockets.fd(range_socket(method, port))));
  }
  return RangePrograms(std::make_unique<State>(State{std::move(object), wanted}));
}

int RangePrograms::fd() const { return bpf_program__fd(state_->program); }

Result<> RangePrograms::attach_to_groups(const SocketSet &sockets) const {
  const int program_fd = fd();
  for (size_t port = 0; port < kRangeSize; ++port) {
    const int socket_fd = sockets.fd(range_socket(RangeMethod::kReuseport, port));
    if (::setsockopt(socket_fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, &program_fd,
                     sizeof(program_fd)) != 0) {
      return fail("set socket option", "SO_ATTACH_REUSEPORT_EBPF", errno);
    }
  }
  return Ok{};
}

}  // namespace sklab
