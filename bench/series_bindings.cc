// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/series_bindings.h"

#include <bpf/bpf.h>
#include <netinet/in.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace sklab {
namespace {

constexpr unsigned kPrefixes = 200;

// struct binding_key of bpf/series.bpf.c.
struct BindingKey {
  uint32_t prefix_length;  // bits
  uint8_t protocol;
  uint8_t reserved;
  uint16_t port;  // network order, 0 for any
  std::array<uint8_t, 16> address;
};
static_assert(sizeof(BindingKey) == 24 && offsetof(BindingKey, address) == 8);

// `address_bits` counts from the start of the IPv6 or v4-mapped address.
BindingKey any_port(const FamilyCase &family, const IpAddress &address, unsigned address_bits) {
  BindingKey key{};
  key.prefix_length =
      8 * (offsetof(BindingKey, address) - offsetof(BindingKey, protocol)) + address_bits;
  key.protocol = family.protocol == Protocol::kTcp ? IPPROTO_TCP : IPPROTO_UDP;
  key.address = address.to_v4_mapped().bytes;
  return key;
}

// A /24 (IPv4) or /64 (IPv6) of a network beside the server's.
BindingKey neighbour(const FamilyCase &family, unsigned number) {
  const bool ipv4 = family.server.family == Family::kIpv4;
  IpAddress address = family.server;
  if (ipv4) {
    address.bytes[1] = static_cast<uint8_t>(100 + number / 256);
    address.bytes[2] = static_cast<uint8_t>(number);
  } else {
    address.bytes[7] = static_cast<uint8_t>(number);
  }
  return any_port(family, address, ipv4 ? 96 + 24 : 64);
}

Result<> put(int map_fd, const void *key, uint32_t value) {
  if (bpf_map_update_elem(map_fd, key, &value, BPF_ANY) == 0) return Ok{};
  return fail("fill", "the maps of the series program", errno);
}

}  // namespace

Result<> fill_series_bindings(const FamilyCase &family, int bindings_fd, int labels_fd) {
  constexpr uint32_t kLabel = 1;
  SKLAB_CHECK(put(labels_fd, &kLabel, kSeriesSlot));
  const BindingKey server = any_port(family, family.server, 128);
  SKLAB_CHECK(put(bindings_fd, &server, kLabel));
  for (unsigned i = 1; i < kPrefixes; ++i) {
    const BindingKey key = neighbour(family, i);
    const uint32_t label = 1 + i;
    SKLAB_CHECK(put(bindings_fd, &key, label));
  }
  return Ok{};
}

Result<> put_spare_binding(const FamilyCase &family, int bindings_fd) {
  const BindingKey key = neighbour(family, kPrefixes);
  return put(bindings_fd, &key, 1 + kPrefixes);
}

Result<> remove_spare_binding(const FamilyCase &family, int bindings_fd) {
  const BindingKey key = neighbour(family, kPrefixes);
  if (bpf_map_delete_elem(bindings_fd, &key) == 0) return Ok{};
  return fail("remove from", "the trie of the series program", errno);
}

}  // namespace sklab
