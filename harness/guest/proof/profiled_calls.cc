// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/proof/profiled_calls.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <thread>

#include "harness/base/unique_fd.h"
#include "harness/guest/guest_symbols.h"
#include "harness/guest/profile/profile_marks.h"
#include "harness/guest/proof/edge_cases.h"
#include "harness/kernel/feature_programs.h"
#include "harness/kernel/interface.h"

namespace sklab {
namespace {

using Calls = std::function<void(unsigned)>;

int64_t clock_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

void profile_calls(const char *name, const Calls &calls) {
  // Once beforehand, for what happens at a first time only: page faults, caches of the kernel.
  calls(2 * kProfiledCalls);
  for (size_t pair = 0; pair < kWindowPairs; ++pair) {
    for (const unsigned count : {kProfiledCalls, 2 * kProfiledCalls}) {
      const int64_t begin_ns = clock_ns();
      begin_profile();
      calls(count);
      end_profile();
      fmt::print("window {} {} {}\n", name, count, clock_ns() - begin_ns);
    }
  }
}

void get_parents(unsigned count) {
  for (unsigned i = 0; i < count; ++i) ::syscall(SYS_getppid);
}

void run_program(int program, unsigned count) {
  bpf_sk_lookup context{};
  context.family = AF_INET;
  context.protocol = IPPROTO_UDP;
  LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_size_in = sizeof(context),
              .repeat = static_cast<int>(count));
  if (const int error = bpf_prog_test_run_opts(program, &options); error != 0) {
    fmt::print("test run: {}\n", error);
  }
}

// Each is looked up as it is sent: on loopback the receiving side runs within send(2).
Result<UniqueFd> datagram_socket(uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{AF_INET, htons(port), {htonl(INADDR_LOOPBACK)}, {}};
  if (::bind(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0) {
    return fail("bind", std::to_string(port), errno);
  }
  return fd;
}

void exchange(int sender, int receiver, const sockaddr_in &to, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    char byte = 0;
    ::sendto(sender, &byte, 1, 0, reinterpret_cast<const sockaddr *>(&to), sizeof(to));
    ::recv(receiver, &byte, 1, MSG_DONTWAIT);
  }
}

Result<> profile_all() {
  constexpr uint16_t kPort = 7000;
  profile_calls("getppid", get_parents);
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  SKLAB_CHECK(interfaces.set_up("lo"));
  SKLAB_TRY(const UniqueFd receiver, datagram_socket(kPort));
  SKLAB_TRY(const UniqueFd sender, datagram_socket(kPort + 1));
  const sockaddr_in to{AF_INET, htons(kPort), {htonl(INADDR_LOOPBACK)}, {}};
  profile_calls("datagram",
                [&](unsigned count) { exchange(sender.get(), receiver.get(), to, count); });
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  profile_calls("test_run", [&](unsigned count) { run_program(program.get(), count); });
  const UniqueFd own_netns(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  const UniqueFd link(bpf_link_create(program.get(), own_netns.get(), BPF_SK_LOOKUP, nullptr));
  if (!link.valid()) return fail("attach", "program", errno);
  profile_calls("hooked_datagram",
                [&](unsigned count) { exchange(sender.get(), receiver.get(), to, count); });
  return keep_symbols();
}

}  // namespace

int run_profiled_calls() {
  // A kernel that was just started has work of its own to do, and some preempt others for it.
  std::this_thread::sleep_for(std::chrono::seconds(5));
  const auto done = profile_all();
  if (!done) fmt::print("{}\n", done.error().message());
  if (!done || !run_edge_cases()) return 1;
  fmt::print("ended {}\n", clock_ns());
  return 0;
}

}  // namespace sklab
