// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <linux/bpf.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace sklab {

// One BPF_PROG_TEST_RUN of a sk_lookup program, with everything in reach that can be wrong with it.
// As it is made it is in order: an IPv4 UDP packet. It is bpf(2) itself, since libbpf does not show
// which results the kernel left alone.
struct TestRunRequest {
  static constexpr size_t kContextSize = sizeof(bpf_sk_lookup);
  // What results hold before the kernel writes them.
  static constexpr uint8_t kUnwrittenByte = 0xa5;
  static constexpr uint32_t kUnwritten = 0xa5a5a5a5;

  bpf_sk_lookup context;
  // Right behind the context, for requests that say it is longer.
  std::array<uint8_t, 64> behind{};
  std::array<uint8_t, 2 * kContextSize> out{};
  std::array<uint8_t, 64> data{};
  bpf_attr attr;

  TestRunRequest() {
    // With the padding, and the members of the union behind its first, which {} may leave alone.
    std::memset(&context, 0, sizeof(context));
    std::memset(&attr, 0, sizeof(attr));
    context.family = AF_INET;
    context.protocol = IPPROTO_UDP;
    out.fill(kUnwrittenByte);
    attr.test.ctx_in = reinterpret_cast<uintptr_t>(this);
    attr.test.ctx_size_in = kContextSize;
    attr.test.ctx_out = reinterpret_cast<uintptr_t>(out.data());
    attr.test.ctx_size_out = kContextSize;
    attr.test.repeat = 1;
    attr.test.retval = kUnwritten;
    attr.test.duration = kUnwritten;
  }
  // `attr` has the addresses of the rest.
  TestRunRequest(const TestRunRequest &) = delete;
  TestRunRequest &operator=(const TestRunRequest &) = delete;

  // 0 or the errno.
  int run(int program_fd) {
    attr.test.prog_fd = static_cast<uint32_t>(program_fd);
    return ::syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attr, sizeof(attr)) == 0 ? 0 : errno;
  }

  using ContextBytes = std::array<uint8_t, kContextSize>;
  [[nodiscard]] ContextBytes context_bytes() const {
    ContextBytes bytes;
    std::memcpy(bytes.data(), &context, bytes.size());
    return bytes;
  }

  // The context as it came back; what was not written has kUnwrittenByte.
  [[nodiscard]] bpf_sk_lookup context_out() const {
    bpf_sk_lookup returned;
    std::memcpy(&returned, out.data(), sizeof(returned));
    return returned;
  }
  // Up to which byte `out` was written, when that is not kUnwrittenByte by chance.
  [[nodiscard]] size_t written() const {
    const auto last =
        std::find_if(out.rbegin(), out.rend(), [](uint8_t byte) { return byte != kUnwrittenByte; });
    return static_cast<size_t>(out.rend() - last);
  }
};
static_assert(offsetof(TestRunRequest, behind) == sizeof(bpf_sk_lookup));

}  // namespace sklab
