// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/socket_hash.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <span>

#include "harness/kernel/skeleton.h"
#include "harness/kernel/socket_set.h"
#include "hash_seed_bpf.skel.h"

namespace sklab {
namespace {

// Bob Jenkins' lookup3, as the kernel seeds it (jhash2).
uint32_t jenkins_hash(std::span<const uint32_t> words, uint32_t seed) {
  constexpr uint32_t kInitial = 0xdeadbeef;
  uint32_t a = kInitial + static_cast<uint32_t>(words.size() * sizeof(uint32_t)) + seed;
  uint32_t b = a;
  uint32_t c = a;
  const auto mix = [](uint32_t &to, uint32_t &from, uint32_t &sum, int bits) {
    to -= from;
    to ^= std::rotl(from, bits);
    from += sum;
  };
  for (; words.size() > 3; words = words.subspan(3)) {
    a += words[0];
    b += words[1];
    c += words[2];
    mix(a, c, b, 4);
    mix(b, a, c, 6);
    mix(c, b, a, 8);
    mix(a, c, b, 16);
    mix(b, a, c, 19);
    mix(c, b, a, 4);
  }
  a += words[0];
  if (words.size() > 1) b += words[1];
  if (words.size() > 2) c += words[2];
  const auto finish = [](uint32_t &to, uint32_t from, int bits) {
    to ^= from;
    to -= std::rotl(from, bits);
  };
  finish(c, b, 14);
  finish(a, c, 11);
  finish(b, a, 25);
  finish(c, b, 16);
  finish(a, c, 4);
  finish(b, a, 14);
  finish(c, b, 24);
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

uint32_t port_address_hash(uint32_t hash_mix, const IpAddress &address, uint16_t port) {
  const IpAddress plain = address.from_v4_mapped();
  std::array<uint32_t, 4> words{};
  std::memcpy(words.data(), plain.bytes.data(), sizeof(words));
  const bool one_word = plain.family == Family::kIpv4 || plain.is_wildcard();
  return jenkins_hash(std::span(words).first(one_word ? 1 : words.size()), hash_mix) ^ port;
}

uint16_t port_with_hash(uint32_t hash_mix, const IpAddress &address, uint32_t wanted) {
  return static_cast<uint16_t>(port_address_hash(hash_mix, address, 0) ^ wanted);
}

Result<uint32_t> read_hash_mix(const Netns &netns) {
  const SocketSpec spec = seed_listener();
  SKLAB_TRY(const SocketSet sockets, SocketSet::create(netns, {spec}));
  // Once: it reads all of the kernel's BTF.
  static const auto loaded = Skeleton<hash_seed_bpf>::open_and_load("hash_seed");
  if (!loaded) {
    Error error = loaded.error();
    error.kind = ErrorKind::kUnavailable;
    error.hint = "it needs the kernel's BTF (/sys/kernel/btf/vmlinux) and CAP_PERFMON";
    return tl::unexpected(std::move(error));
  }
  const auto &object = *loaded;
  object->bss->found = 0;
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
