// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/test_run.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace sklab {
namespace {

bpf_sk_lookup context_of(const Packet &packet) {
  const bool ipv4 = packet.source.address.family == Family::kIpv4;
  bpf_sk_lookup context{};
  context.family = ipv4 ? AF_INET : AF_INET6;
  context.protocol = packet.protocol == Protocol::kTcp ? IPPROTO_TCP : IPPROTO_UDP;
  void *remote = ipv4 ? &context.remote_ip4 : context.remote_ip6;
  void *local = ipv4 ? &context.local_ip4 : context.local_ip6;
  std::memcpy(remote, packet.source.address.bytes.data(), ipv4 ? 4 : 16);
  std::memcpy(local, packet.destination.address.bytes.data(), ipv4 ? 4 : 16);
  // The remote port is in network order, the local one in host order: include/uapi/linux/bpf.h.
  context.remote_port = htons(packet.source.port);
  context.local_port = packet.destination.port;
  return context;
}

}  // namespace

Result<TestRunResult> test_run(int program_fd, const Packet &packet, uint32_t repeat) {
  bpf_sk_lookup context = context_of(packet);
  bpf_sk_lookup out{};
  LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_out = &out,
              .ctx_size_in = sizeof(context), .ctx_size_out = sizeof(out),
              .repeat = static_cast<int>(repeat));
  const auto start = std::chrono::steady_clock::now();
  const int error = bpf_prog_test_run_opts(program_fd, &options);
  const auto elapsed = std::chrono::steady_clock::now() - start;
  if (error != 0) return fail("run", "sk_lookup program", errno);
  return TestRunResult{
      options.retval, out.cookie, options.duration,
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count())};
}

}  // namespace sklab
