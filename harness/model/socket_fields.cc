// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/socket_fields.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace sklab {
namespace {

// BPF_TCP_ESTABLISHED, BPF_TCP_CLOSE and BPF_TCP_LISTEN of include/uapi/linux/bpf.h.
uint32_t state_of(const SocketSpec &spec) {
  if (spec.peer) return 1;
  return spec.protocol == Protocol::kTcp ? 10 : 7;
}

// The field as it is in memory; none for one that the spec does not say.
std::optional<uint32_t> field_value(const SocketField &field, const SocketSpec &spec,
                                    uint32_t mark) {
  const bool tcp = spec.protocol == Protocol::kTcp;
  if (field.name == "bound_dev_if") return 0;
  if (field.name == "family") return spec.family == Family::kIpv4 ? AF_INET : AF_INET6;
  if (field.name == "type") return tcp ? SOCK_STREAM : SOCK_DGRAM;
  if (field.name == "protocol") return tcp ? IPPROTO_TCP : IPPROTO_UDP;
  if (field.name == "mark") return mark;
  // In host order, unlike the next one.
  if (field.name == "src_port") return spec.local.port;
  if (field.name == "dst_port") return spec.peer ? htons(spec.peer->port) : 0;
  if (field.name == "state") return state_of(spec);
  return std::nullopt;
}

}  // namespace

const SocketField &socket_field_at(uint32_t offset) {
  return *std::find_if(
      kSocketFields.begin(), kSocketFields.end(),
      [offset](const SocketField &field) { return offset < field.offset + field.size; });
}

std::optional<uint64_t> socket_value(const SocketSpec &spec, uint32_t mark, uint32_t offset,
                                     uint32_t size) {
  const SocketField &field = socket_field_at(offset);
  const std::optional<uint32_t> value = field_value(field, spec, mark);
  if (!value) return std::nullopt;
  std::array<uint8_t, 4> memory{};
  if (field.size == 2) {
    const auto narrow = static_cast<uint16_t>(*value);
    std::memcpy(memory.data(), &narrow, sizeof(narrow));
    // The wide load gives what the narrow one does.
    size = std::min(size, field.size);
  } else {
    std::memcpy(memory.data(), &*value, sizeof(*value));
  }
  const uint8_t *from = memory.data() + (offset - field.offset);
  if (size == 1) return *from;
  uint16_t half = 0;
  std::memcpy(&half, from, sizeof(half));
  return size == 2 ? half : *value;
}

}  // namespace sklab
