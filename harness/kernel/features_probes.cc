// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/features_probes.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/kcov.h>
#include <linux/magic.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "harness/base/file.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/bpf_stats.h"
#include "harness/kernel/feature_programs.h"
#include "harness/kernel/interface.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"

namespace sklab {
namespace {

// include/linux/proc_ns.h: PROC_USER_INIT_INO. It is the same on every machine.
constexpr ino_t kInitialUserNamespace = 0xEFFFFFFD;

bool in_initial_user_namespace() {
  struct stat status {};
  return ::stat("/proc/thread-self/ns/user", &status) != 0 ||
         status.st_ino == kInitialUserNamespace;
}

bool is_effective(int capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
  if (::syscall(SYS_capget, &header, data.data()) != 0) return false;
  const auto bit = static_cast<unsigned>(capability);
  return ((data[bit / 32].effective >> (bit % 32)) & 1U) != 0;
}

// bpf_capable() and perfmon_capable() of include/linux/capability.h.
bool has_stand_in(int capability) {
  return (capability == CAP_BPF || capability == CAP_PERFMON) && is_effective(CAP_SYS_ADMIN);
}

bool is_mounted(const char *path, decltype(statfs::f_type) magic) {
  struct statfs status {};
  return ::statfs(path, &status) == 0 && status.f_type == magic;
}

// Other wrappers do not tell what the kernel lacks from what it refuses.
template <typename T>
Result<T> tried(Result<T> result) {
  if (result) return result;
  return refused(result.error().operation, result.error().error_number);
}

Result<bpf_prog_info> info_of_loaded_program() {
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  bpf_prog_info info{};
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(program.get(), &info, &size) != 0) return refused("read", errno);
  return info;
}

}  // namespace

Probed probe_capability(int capability) {
  const bool effective = is_effective(capability);
  if (!effective && !has_stand_in(capability)) return fail_as(ErrorKind::kUnavailable, "not held");
  if (!in_initial_user_namespace()) {
    return fail_as(ErrorKind::kUnavailable, "held within a user namespace only");
  }
  return effective ? "held" : "CAP_SYS_ADMIN, which is held, includes it";
}

Probed probe_network_namespaces() {
  SKLAB_TRY(const Netns netns, tried(Netns::create()));
  return "creates one";
}

Probed probe_veth() {
  SKLAB_TRY(const Netns netns, tried(Netns::create()));
  SKLAB_TRY(const Netns peer, tried(Netns::create()));
  SKLAB_TRY(const ScopedNetns inside, tried(ScopedNetns::enter(netns)));
  SKLAB_TRY(Interfaces interfaces, tried(Interfaces::open()));
  SKLAB_CHECK(tried(interfaces.add_veth("here", "there", peer.fd())));
  return "makes a pair";
}

Probed probe_lookup_hook() {
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  SKLAB_TRY(const Netns netns, tried(Netns::create()));
  SKLAB_TRY(const NetnsLink link, tried(NetnsLink::attach(program.get(), netns)));
  return "loads and attaches";
}

Probed probe_lookup_test_run() {
  SKLAB_TRY(const UniqueFd program, load_lookup_program());
  SKLAB_CHECK(run_lookup_program(program.get()));
  return "runs";
}

Probed probe_lookup_helpers() {
  SKLAB_CHECK(load_and_run_lookup_caller(BPF_FUNC_sk_lookup_udp));
  SKLAB_CHECK(load_and_run_lookup_caller(BPF_FUNC_skc_lookup_tcp));
  // A program that calls bpf_loop needs a callback with BTF; that the verifier knows the helper is
  // as good, now that a program of this type is known to load.
  const int known = libbpf_probe_bpf_helper(BPF_PROG_TYPE_SCHED_CLS, BPF_FUNC_loop, nullptr);
  if (known < 0) return refused("probe bpf_loop", -known);
  if (known == 0) return fail_as(ErrorKind::kUnavailable, "no bpf_loop");
  return "load and run";
}

Probed probe_xdp_live_frames() {
  SKLAB_CHECK(run_xdp_live_frame());
  return "runs";
}

Probed probe_jit() {
  SKLAB_TRY(const bpf_prog_info info, info_of_loaded_program());
  if (info.jited_prog_len == 0) return fail_as(ErrorKind::kUnavailable, "programs are interpreted");
  return std::to_string(info.jited_prog_len) + " bytes of machine code for an empty program";
}

Probed probe_jit_without_hardening() {
  // Its sysctl is there in the initial network namespace only. But blinding, as hardening is called
  // in kernel/bpf/core.c, also makes the program longer before it is compiled.
  SKLAB_TRY(const bpf_prog_info info, info_of_loaded_program());
  if (info.jited_prog_len == 0) return fail("programs are interpreted");
  if (info.xlated_prog_len > kLookupProgramSize) {
    return fail_as(ErrorKind::kUnavailable, "constants are blinded");
  }
  return "constants are not blinded";
}

Probed probe_bpf_stats() {
  SKLAB_TRY(const BpfStats stats, tried(BpfStats::enable()));
  return "can be switched on";
}

Probed probe_kernel_btf() {
  constexpr char kPath[] = "/sys/kernel/btf/vmlinux";
  constexpr size_t kHeaderSize = 24;
  SKLAB_TRY(const std::string content, tried(read_file(kPath)));
  if (content.size() < kHeaderSize) return fail_as(ErrorKind::kUnavailable, "empty");
  return std::to_string(content.size() / 1024) + " KiB";
}

Probed probe_kcov() {
  constexpr unsigned long kEntries = 1024;
  if (!is_mounted("/sys/kernel/debug", DEBUGFS_MAGIC)) return fail("debugfs is not mounted");
  const UniqueFd fd(::open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC));
  if (!fd.valid()) return refused("open", errno);
  if (::ioctl(fd.get(), KCOV_INIT_TRACE, kEntries) != 0) return refused("start", errno);
  return "traces";
}

Probed probe_instruction_counter() {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.size = sizeof(attributes);
  attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
  const UniqueFd fd(static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!fd.valid()) return refused("open", errno);
  uint64_t count = 0;
  if (::read(fd.get(), &count, sizeof(count)) != sizeof(count)) return refused("read", errno);
  // Some hypervisors offer a counter that stands still.
  if (count == 0) return fail_as(ErrorKind::kUnavailable, "stands still");
  return "counts, the kernel included";
}

Probed probe_no_lockdown() {
  constexpr char kSecurity[] = "/sys/kernel/security";
  // "[none] integrity confidentiality", the active level in brackets.
  const std::string levels = read_fact(std::string(kSecurity) + "/lockdown", "");
  if (levels.find("[none]") != std::string::npos) return "off";
  if (!levels.empty()) return fail_as(ErrorKind::kUnavailable, levels);
  if (!is_mounted(kSecurity, SECURITYFS_MAGIC)) return fail("securityfs is not mounted");
  return "not in this kernel";
}

}  // namespace sklab
