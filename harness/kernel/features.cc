// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/features.h"

#include <linux/capability.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include "harness/kernel/features_probes.h"

namespace sklab {
namespace {

// What `sklab bench` cannot do without.
enum class Need : uint8_t { kNone, kCapability, kFeature };

struct Row {
  const char *name;
  Need need;
  Probed (*probe)();
  const char *enables;
  const char *how_to_get;
};

template <int capability>
Probed holds() {
  return probe_capability(capability);
}

constexpr char kRoot[] = "run as root";
constexpr char kRefused[] =
    "lift the kernel lockdown, seccomp filter or security module that refuses it";

constexpr std::array kRows = {
    Row{"CAP_BPF", Need::kCapability, holds<CAP_BPF>, "BPF programs", kRoot},
    Row{"CAP_NET_ADMIN", Need::kCapability, holds<CAP_NET_ADMIN>,
        "network programs, interfaces, socket marks", kRoot},
    Row{"CAP_SYS_ADMIN", Need::kCapability, holds<CAP_SYS_ADMIN>,
        "network namespaces, run counts of programs", kRoot},
    Row{"CAP_PERFMON", Need::kNone, holds<CAP_PERFMON>, "hardware counters", kRoot},
    Row{"CAP_NET_RAW", Need::kNone, holds<CAP_NET_RAW>, "packets of any kind", kRoot},
    Row{"CAP_SYS_RESOURCE", Need::kNone, holds<CAP_SYS_RESOURCE>,
        "raising the hard limit of open files", "a container or VM that leaves it to root"},
    Row{"network namespaces", Need::kNone, probe_network_namespaces, "runs that touch nothing else",
        "CONFIG_NET_NS and CAP_SYS_ADMIN"},
    Row{"veth pairs", Need::kNone, probe_veth, "packets on a wire",
        "CONFIG_VETH, or modprobe veth"},
    Row{"sk_lookup hook", Need::kFeature, probe_lookup_hook, "everything",
        "Linux 5.9 or later with CONFIG_BPF_SYSCALL and CONFIG_INET"},
    Row{"sk_lookup TEST_RUN", Need::kFeature, probe_lookup_test_run, "the test_run path",
        "Linux 5.13 or later"},
    Row{"lookups in TC", Need::kFeature, probe_lookup_helpers, "the probe path",
        "Linux 5.17 or later: socket lookups and bpf_loop"},
    Row{"XDP live frames", Need::kNone, probe_xdp_live_frames, "the receive path at rate",
        "Linux 5.18 or later"},
    Row{"BPF JIT", Need::kNone, probe_jit, "figures that matter",
        "sysctl net.core.bpf_jit_enable=1"},
    Row{"no JIT hardening", Need::kNone, probe_jit_without_hardening, "comparable figures",
        "sysctl net.core.bpf_jit_harden=0"},
    Row{"BPF run statistics", Need::kFeature, probe_bpf_stats, "the check behind every figure",
        "CAP_SYS_ADMIN; Linux 5.8 or later"},
    Row{"kernel BTF", Need::kNone, probe_kernel_btf, "telling kernel builds apart",
        "CONFIG_DEBUG_INFO_BTF"},
    Row{"KCOV", Need::kNone, probe_kcov, "coverage of the kernel's code",
        "CONFIG_KCOV; mount -t debugfs none /sys/kernel/debug"},
    Row{"instruction counter", Need::kNone, probe_instruction_counter,
        "instructions beside nanoseconds", "a machine or hypervisor with a PMU; CAP_PERFMON"},
    Row{"no lockdown", Need::kNone, probe_no_lockdown, "all of BPF",
        "boot with lockdown=none; mount -t securityfs none /sys/kernel/security"},
};

bool is_refusal(const Error &error) {
  return error.error_number == EPERM || error.error_number == EACCES;
}

std::string why_not(const Error &error) {
  if (error.error_number == 0) return error.operation;
  return std::generic_category().message(error.error_number);
}

Result<> require_capabilities() {
  std::string missing;
  std::string reason;
  for (const Row &row : kRows) {
    if (row.need != Need::kCapability) continue;
    const Probed probed = row.probe();
    if (probed) continue;
    missing += (missing.empty() ? "" : ", ") + std::string(row.name);
    reason = probed.error().operation;
  }
  if (missing.empty()) return Ok{};
  return fail_as(ErrorKind::kUnavailable, "measure socket lookups", "", 0,
                 "run as root: " + missing + " " + reason);
}

Feature probe(const Row &row) {
  const Probed probed = row.probe();
  Feature feature{row.name, FeatureStatus::kYes, "", row.enables, row.how_to_get};
  if (probed) {
    feature.detail = *probed;
    return feature;
  }
  const bool tried = probed.error().kind == ErrorKind::kUnavailable;
  feature.status = tried ? FeatureStatus::kNo : FeatureStatus::kUnknown;
  feature.detail = why_not(probed.error());
  // What the kernel needs is not the question before it has been asked.
  if (is_refusal(probed.error())) feature.how_to_get = require_capabilities() ? kRefused : kRoot;
  return feature;
}

Error explain(Error error, const Row &row) {
  error.operation = "use";
  error.object = row.name;
  if (error.kind == ErrorKind::kUnavailable) {
    error.hint = std::string("needs ") + row.how_to_get;
  } else if (is_refusal(error)) {
    // Every capability is held by now.
    error.kind = ErrorKind::kUnavailable;
    error.hint = kRefused;
  }
  return error;
}

}  // namespace

std::vector<Feature> probe_features() {
  std::vector<Feature> features;
  features.reserve(kRows.size());
  for (const Row &row : kRows) features.push_back(probe(row));
  return features;
}

Result<> require_lookup_features() {
  SKLAB_CHECK(require_capabilities());
  for (const Row &row : kRows) {
    if (row.need != Need::kFeature) continue;
    if (const Probed probed = row.probe(); !probed) {
      return tl::unexpected(explain(probed.error(), row));
    }
  }
  return Ok{};
}

}  // namespace sklab
