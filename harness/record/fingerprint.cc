// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/fingerprint.h"

#include <bpf/libbpf.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "harness/base/file.h"
#include "harness/record/digest.h"
#include "harness/record/hypervisor.h"
#include "harness/record/kernel_config.h"
#include "sklab/version.h"

namespace sklab {
namespace {

constexpr std::array kBpfKnobs = {"bpf_jit_enable", "bpf_jit_harden", "bpf_jit_kallsyms",
                                  "bpf_jit_limit"};

// The value of the first "key<separator>value" line.
std::string value_of(const std::string &text, std::string_view key, char separator) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, key.size(), key) != 0) continue;
    const size_t found = line.find(separator, key.size());
    if (found == std::string::npos) continue;
    const size_t first = line.find_first_not_of(" \t\"", found + 1);
    const size_t last = line.find_last_not_of(" \t\"");
    return first == std::string::npos ? "" : line.substr(first, last - first + 1);
  }
  return "";
}

std::map<std::string, std::string> read_knobs() {
  std::map<std::string, std::string> knobs;
  for (const char *name : kBpfKnobs) {
    const std::string value = read_fact(std::string("/proc/sys/net/core/") + name, "");
    if (!value.empty()) knobs[name] = value;
  }
  const std::string unprivileged = read_fact("/proc/sys/kernel/unprivileged_bpf_disabled", "");
  if (!unprivileged.empty()) knobs["unprivileged_bpf_disabled"] = unprivileged;
  return knobs;
}

std::map<std::string, std::string> read_mitigations() {
  std::map<std::string, std::string> mitigations;
  std::error_code error;
  for (const auto &entry :
       std::filesystem::directory_iterator("/sys/devices/system/cpu/vulnerabilities", error)) {
    mitigations[entry.path().filename().string()] = read_fact(entry.path(), "");
  }
  return mitigations;
}

std::string kernel_config_sha256(const std::string &release) {
  if (const auto compressed = read_file("/proc/config.gz")) {
    if (const auto config = gunzip(*compressed)) return sha256_hex(kernel_options(*config));
  }
  const auto config = read_file("/boot/config-" + release);
  return config ? sha256_hex(kernel_options(*config)) : "";
}

std::string file_sha256(const char *path) {
  const auto content = read_file(path);
  return content ? sha256_hex(*content) : "";
}

// debugfs says which model is active; without it, the build's version string does.
std::string preemption_of(const std::string &kernel_version) {
  const std::string models = read_fact("/sys/kernel/debug/sched/preempt", "");
  const size_t open = models.find('(');
  if (open != std::string::npos) return models.substr(open + 1, models.find(')') - open - 1);
  for (const char *name : {"PREEMPT_RT", "PREEMPT_DYNAMIC", "PREEMPT"}) {
    if (kernel_version.find(name) != std::string::npos) return name;
  }
  return "";
}

void read_kernel(Fingerprint &fingerprint) {
  utsname names{};
  if (::uname(&names) == 0) {
    fingerprint.kernel_release = names.release;
    fingerprint.kernel_version = names.version;
    fingerprint.architecture = names.machine;
  }
  fingerprint.kernel_config_sha256 = kernel_config_sha256(fingerprint.kernel_release);
  fingerprint.kernel_btf_sha256 = file_sha256("/sys/kernel/btf/vmlinux");
  fingerprint.kernel_command_line = read_fact("/proc/cmdline", "");
  fingerprint.preemption = preemption_of(fingerprint.kernel_version);
  fingerprint.bpf_knobs = read_knobs();
  fingerprint.mitigations = read_mitigations();
}

void read_machine(Fingerprint &fingerprint) {
  const std::string cpuinfo = read_fact("/proc/cpuinfo", "");
  fingerprint.cpu_model = value_of(cpuinfo, "model name", ':');
  fingerprint.microcode = value_of(cpuinfo, "microcode", ':');
  fingerprint.cpus_online = static_cast<unsigned>(::sysconf(_SC_NPROCESSORS_ONLN));
  fingerprint.memory_total_bytes = static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                                   static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  fingerprint.hypervisor = hypervisor_vendor();
  fingerprint.clocksource =
      read_fact("/sys/devices/system/clocksource/clocksource0/current_clocksource", "");
  fingerprint.cpu_governor = read_fact("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "");
}

void read_software(Fingerprint &fingerprint) {
  fingerprint.distribution = value_of(read_fact("/etc/os-release", ""), "PRETTY_NAME", '=');
  fingerprint.compiler = kCompiler;
  fingerprint.bpf_compiler = kBpfCompiler;
  fingerprint.libbpf_version = libbpf_version_string();
  fingerprint.google_benchmark_version = kGoogleBenchmarkVersion;
  fingerprint.sklab_version = kSklabVersion;
}

}  // namespace

Fingerprint read_fingerprint() {
  Fingerprint fingerprint;
  read_kernel(fingerprint);
  read_machine(fingerprint);
  read_software(fingerprint);
  return fingerprint;
}

}  // namespace sklab
