// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/feature_programs.h"

#include <bpf/bpf.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>

#include "harness/kernel/instructions.h"

namespace sklab {
namespace {

using namespace instructions;

// include/linux/errno.h: what bpf(2) returns for a program type without a test run. No name in
// libc.
constexpr int kKernelNotSupported = 524;

using Frame = std::array<uint8_t, 64>;

Result<UniqueFd> load(bpf_prog_type type, std::span<const bpf_insn> instructions,
                      bpf_attach_type attach_type = {}) {
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach_type);
  UniqueFd fd(bpf_prog_load(type, "feature", "Dual BSD/GPL", instructions.data(),
                            instructions.size(), &options));
  if (!fd.valid()) return refused("load", errno);
  return fd;
}

Result<> run(int program_fd, bpf_test_run_opts &options) {
  if (bpf_prog_test_run_opts(program_fd, &options) == 0) return Ok{};
  return refused("run", errno);
}

}  // namespace

tl::unexpected<Error> refused(std::string operation, int error_number) {
  // ENOSPC is the limit of namespaces, user.max_net_namespaces.
  constexpr std::array kNotTheFeature = {EPERM,  EACCES, EMFILE, ENFILE, ENOMEM,
                                         ENOSPC, EAGAIN, EINTR,  EIO};
  const bool lacking =
      std::find(kNotTheFeature.begin(), kNotTheFeature.end(), error_number) == kNotTheFeature.end();
  return fail_as(lacking ? ErrorKind::kUnavailable : ErrorKind::kHarness, std::move(operation), "",
                 error_number == kKernelNotSupported ? EOPNOTSUPP : error_number);
}

Result<UniqueFd> load_lookup_program() {
  constexpr std::array kProgram = {move(BPF_REG_0, SK_PASS), leave()};
  static_assert(sizeof(kProgram) == kLookupProgramSize);
  return load(BPF_PROG_TYPE_SK_LOOKUP, kProgram, BPF_SK_LOOKUP);
}

Result<> run_lookup_program(int program_fd) {
  bpf_sk_lookup context{};
  context.family = AF_INET;  // the only field that may not be zero
  LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_size_in = sizeof(context),
              .repeat = 1);
  return run(program_fd, options);
}

Result<> load_and_run_lookup_caller(bpf_func_id helper) {
  constexpr int32_t kTupleSize = sizeof(bpf_sock_tuple::ipv4);
  const std::array program = {store_constant(8, BPF_REG_10, -8, 0),
                              store_constant(8, BPF_REG_10, -16, 0),
                              copy(BPF_REG_2, BPF_REG_10),
                              add(BPF_REG_2, -16),
                              move(BPF_REG_3, kTupleSize),
                              move(BPF_REG_4, BPF_F_CURRENT_NETNS),
                              move(BPF_REG_5, 0),
                              call(helper),
                              skip_if_equal(BPF_REG_0, 0, 2),
                              copy(BPF_REG_1, BPF_REG_0),
                              call(BPF_FUNC_sk_release),
                              move(BPF_REG_0, 0),
                              leave()};
  SKLAB_TRY(const UniqueFd fd, load(BPF_PROG_TYPE_SCHED_CLS, program));
  Frame frame{};
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = frame.size(),
              .repeat = 1);
  return run(fd.get(), options);
}

Result<> run_xdp_live_frame() {
  constexpr std::array kProgram = {move(BPF_REG_0, XDP_DROP), leave()};
  SKLAB_TRY(const UniqueFd fd, load(BPF_PROG_TYPE_XDP, kProgram));
  Frame frame{};
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = frame.size(),
              .repeat = 1, .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
  return run(fd.get(), options);
}

}  // namespace sklab
