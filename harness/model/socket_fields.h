// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a program may read of a socket, struct bpf_sock of include/uapi/linux/bpf.h
// (bpf_sock_is_valid_access in net/core/filter.c), and what it reads.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/model/scenario.h"

namespace sklab {

struct SocketField {
  std::string_view name;
  uint32_t offset = 0;
  uint32_t size = 0;
  uint32_t widest = 4;         // load, in bytes; 0 is none
  bool narrow = false;         // narrower loads from its first byte
  bool narrow_within = false;  // and from every byte
  bool wide_load = false;      // of 4 bytes, as before the field became narrower
};

inline constexpr std::array<SocketField, 15> kSocketFields = {{
    {"bound_dev_if", 0, 4},
    {"family", 4, 4, 4, true},
    {"type", 8, 4, 4, true},
    {"protocol", 12, 4, 4, true},
    {"mark", 16, 4},
    {"priority", 20, 4},
    {"src_ip4", 24, 4, 4, true, true},
    {"src_ip6", 28, 16, 4, true, true},
    {"src_port", 44, 4, 4, true},
    {"dst_port", 48, 2, 2, true, true, true},
    {"padding", 50, 2, 0},
    {"dst_ip4", 52, 4, 4, true, true},
    {"dst_ip6", 56, 16, 4, true, true},
    {"state", 72, 4, 4, true},
    {"rx_queue_mapping", 76, 4, 4, true},
}};
inline constexpr uint32_t kSocketSize = 80;

// The field that this byte is in; `offset` is below kSocketSize.
const SocketField &socket_field_at(uint32_t offset);

// What an allowed load of `size` bytes gives for a socket that was opened as `spec`, with `mark`
// (SO_MARK). None where that is no matter of the spec: addresses, priority, queue.
std::optional<uint64_t> socket_value(const SocketSpec &spec, uint32_t mark, uint32_t offset,
                                     uint32_t size);

}  // namespace sklab
