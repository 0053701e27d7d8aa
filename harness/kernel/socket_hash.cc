// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/socket_hash.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include "harness/kernel/skeleton.h"
#include "harness/kernel/socket_set.h"
#include "hash_seed_bpf.skel.h"

namespace sklab {
namespace {

// Bob Jenkins' lookup3 for one word, as the kernel seeds it (jhash_1word).
uint32_t jenkins_hash_word(uint32_t word, uint32_t seed) {
  constexpr uint32_t kInitial = 0xdeadbeef;
  uint32_t b = kInitial + 4 + seed;
  uint32_t c = b;
  uint32_t a = b + word;
  const auto mix = [](uint32_t &to, uint32_t from, int bits) {
    to ^= from;
    to -= std::rotl(from, bits);
  };
  mix(c, b, 14);
  mix(a, c, 11);
  mix(b, a, 25);
  mix(c, b, 16);
  mix(a, c, 4);
  mix(b, a, 14);
  mix(c, b, 24);
  return c;
}

SocketSpec seed_listener() {
  SocketSpec spec;
  spec.name = "seed";
  spec.protocol = Protocol::kTcp;
  spec.local = {{Family::kIpv4, {127, 0, 0, 1}}, 65000};
  return spec;
}

}  // namespace

uint32_t ipv4_port_address_hash(uint32_t hash_mix, const IpAddress &address, uint16_t port) {
  uint32_t word = 0;
  std::memcpy(&word, address.bytes.data(), sizeof(word));
  return jenkins_hash_word(word, hash_mix) ^ port;
}

uint16_t port_with_hash(uint32_t hash_mix, const IpAddress &address, uint32_t wanted) {
  return static_cast<uint16_t>(ipv4_port_address_hash(hash_mix, address, 0) ^ wanted);
}

Result<uint32_t> read_hash_mix(const Netns &netns) {
  const SocketSpec spec = seed_listener();
  SKLAB_TRY(const SocketSet sockets, SocketSet::create(netns, {spec}));
  auto loaded = Skeleton<hash_seed_bpf>::open_and_load("hash_seed");
  if (!loaded) {
    loaded.error().kind = ErrorKind::kUnavailable;
    loaded.error().hint = "it needs the kernel's BTF (/sys/kernel/btf/vmlinux) and CAP_PERFMON";
    return tl::unexpected(std::move(loaded).error());
  }
  const auto &object = *loaded;
  // From anywhere to the listener: source 127.0.0.1:1, then destination.
  const uint16_t ports[2] = {htons(1), htons(spec.local.port)};
  std::memcpy(object->bss->listener_tuple, spec.local.address.bytes.data(), 4);
  std::memcpy(object->bss->listener_tuple + 4, spec.local.address.bytes.data(), 4);
  std::memcpy(object->bss->listener_tuple + 8, ports, sizeof(ports));

  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  std::array<char, 64> frame{};
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = frame.size(),
              .repeat = 1);
  if (bpf_prog_test_run_opts(bpf_program__fd(object->progs.read_hash_mix), &options) != 0) {
    return fail("run", "hash seed program", errno);
  }
  if (object->bss->found == 0) return fail("read", "the hash seed: listener not found");
  return object->bss->hash_mix;
}

}  // namespace sklab
