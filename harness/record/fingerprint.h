// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a figure depends on besides the code that was measured. Two runs whose fingerprints differ
// are not compared without saying so.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace sklab {

struct Fingerprint {
  std::string kernel_release;  // uname -r
  std::string kernel_version;  // uname -v
  std::string
      kernel_config_sha256;       // of the options (kernel_config.h), where they are shown; or ""
  std::string kernel_btf_sha256;  // of /sys/kernel/btf/vmlinux: identifies the build; or ""
  std::string kernel_command_line;
  std::string architecture;
  std::string cpu_model;
  unsigned cpus_online = 0;
  std::string hypervisor;  // CPUID vendor string, "" on bare metal
  std::string microcode;
  std::string clocksource;
  std::string cpu_governor;  // of CPU 0, "" where there is none
  std::string preemption;    // as the kernel reports it, "" where it does not
  uint64_t memory_total_bytes = 0;
  std::map<std::string, std::string> bpf_knobs;    // bpf_jit_enable, bpf_jit_harden, ...
  std::map<std::string, std::string> mitigations;  // /sys/devices/system/cpu/vulnerabilities
  std::string distribution;                        // PRETTY_NAME of /etc/os-release
  std::string compiler;                            // that built sklab, with its build type
  std::string bpf_compiler;                        // that built the BPF objects
  std::string libbpf_version;
  std::string google_benchmark_version;
  std::string sklab_version;  // git describe --always --dirty at build time

  bool operator==(const Fingerprint &) const = default;
};

// Reads the running machine. A fact that cannot be had is an empty string: never an error. The BPF
// sysctls can be had only in the first network namespace: read this before isolate_process().
Fingerprint read_fingerprint();

}  // namespace sklab
