// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/context_rules.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace sklab {
namespace {

constexpr uint32_t kRemotePortSize = 2;

const ContextField &field_named(std::string_view name) {
  return *std::find_if(kContextFields.begin(), kContextFields.end(),
                       [name](const ContextField &field) { return field.name == name; });
}

template <typename T>
void write(ContextBytes &context, std::string_view field, const T &value) {
  std::memcpy(context.data() + field_named(field).offset, &value, sizeof(value));
}

// An address is in the field of its family; the field of the other family is 0.
void write_address(ContextBytes &context, std::string_view field_ipv4, std::string_view field_ipv6,
                   const IpAddress &address) {
  const bool ipv4 = address.family == Family::kIpv4;
  const ContextField &field = field_named(ipv4 ? field_ipv4 : field_ipv6);
  std::memcpy(context.data() + field.offset, address.bytes.data(), field.size);
}

}  // namespace

const ContextField *context_field_at(int offset) {
  if (offset < 0) return nullptr;
  const auto position = static_cast<uint32_t>(offset);
  const auto *field = std::find_if(
      kContextFields.begin(), kContextFields.end(),
      [position](const ContextField &one) { return position < one.offset + one.size; });
  return field == kContextFields.end() ? nullptr : field;
}

bool context_access_allowed(int offset, uint32_t size, AccessKind kind) {
  const ContextField *field = context_field_at(offset);
  if (field == nullptr || kind == AccessKind::kWrite) return false;
  const bool aligned = static_cast<uint32_t>(offset) % size == 0;
  return aligned && field->narrowest <= size && size <= field->widest;
}

ContextBytes context_of(const Packet &packet, uint32_t ingress_ifindex) {
  ContextBytes context{};
  const bool ipv4 = packet.source.address.family == Family::kIpv4;
  write(context, "family", static_cast<uint32_t>(ipv4 ? AF_INET : AF_INET6));
  const bool tcp = packet.protocol == Protocol::kTcp;
  write(context, "protocol", static_cast<uint32_t>(tcp ? IPPROTO_TCP : IPPROTO_UDP));
  write_address(context, "remote_ip4", "remote_ip6", packet.source.address);
  write_address(context, "local_ip4", "local_ip6", packet.destination.address);
  // Of the two ports only the remote one is in network byte order.
  write(context, "remote_port", htons(packet.source.port));
  write(context, "local_port", uint32_t{packet.destination.port});
  write(context, "ingress_ifindex", ingress_ifindex);
  return context;
}

uint64_t loaded_value(const ContextBytes &context, uint32_t offset, uint32_t size) {
  // The wide load of the remote port gives the number that the narrow one gives, on machines of
  // either byte order.
  if (offset == field_named("remote_port").offset) size = std::min(size, kRemotePortSize);
  const uint8_t *from = context.data() + offset;
  const auto read = [from](auto value) {
    std::memcpy(&value, from, sizeof(value));
    return uint64_t{value};
  };
  switch (size) {
    case 1:
      return *from;
    case 2:
      return read(uint16_t{});
    case 4:
      return read(uint32_t{});
    default:
      return read(uint64_t{});
  }
}

}  // namespace sklab
