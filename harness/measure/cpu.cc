// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/cpu.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>
#include <string>
#include <string_view>

#include "harness/base/file.h"

namespace sklab {
namespace {

// More than any kernel's CONFIG_NR_CPUS; bounds the mask for a CPU number that somebody mistyped.
constexpr unsigned kMaxCpus = 1U << 16U;

// An array of cpu_set_t is one longer set for the _S macros of sched.h.
using CpuSet = std::vector<cpu_set_t>;

size_t size_of(const CpuSet &set) { return set.size() * sizeof(cpu_set_t); }

// "512K", in the units of the kernel's size_show(); always K today, but the ABI promises less.
size_t parse_size(std::string_view text) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return 0;
  const std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
  if (unit.empty()) return number;
  if (unit == "K") return number << 10U;
  if (unit == "M") return number << 20U;
  if (unit == "G") return number << 30U;
  return 0;
}

// Bytes by level of the caches that hold data.
std::map<size_t, size_t> data_caches(const std::filesystem::path &cpu_directory) {
  std::map<size_t, size_t> bytes_of_level;
  for (unsigned index = 0;; ++index) {
    const auto cache = cpu_directory / "cpu0/cache" / ("index" + std::to_string(index));
    const std::string type = read_fact(cache / "type", "");
    if (type.empty()) return bytes_of_level;
    if (type == "Instruction") continue;
    const size_t level = parse_size(read_fact(cache / "level", ""));
    bytes_of_level[level] = parse_size(read_fact(cache / "size", ""));
  }
}

// "0-1,4", as /sys has lists of CPUs. What cannot be read ends it.
std::vector<unsigned> parse_cpu_list(std::string_view text) {
  std::vector<unsigned> cpus;
  const auto take_number = [&text](unsigned &number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    return error == std::errc();
  };
  const auto take = [&text](char wanted) {
    const bool found = text.starts_with(wanted);
    if (found) text.remove_prefix(1);
    return found;
  };
  unsigned first = 0;
  while (take_number(first)) {
    unsigned last = first;
    if (take('-') && !take_number(last)) break;
    for (unsigned cpu = first; cpu <= std::min(last, kMaxCpus); ++cpu) cpus.push_back(cpu);
    if (!take(',')) break;
  }
  return cpus;
}

}  // namespace

std::vector<unsigned> core_threads(unsigned cpu, const std::filesystem::path &cpu_directory) {
  const auto file = cpu_directory / ("cpu" + std::to_string(cpu)) / "topology/thread_siblings_list";
  return parse_cpu_list(read_fact(file, ""));
}

Result<std::vector<unsigned>> allowed_cpus() {
  CpuSet set(1);
  // EINVAL means that the kernel's own mask is longer.
  while (::sched_getaffinity(0, size_of(set), set.data()) != 0) {
    if (errno != EINVAL || set.size() * CPU_SETSIZE >= kMaxCpus) {
      return fail("read", "the CPUs allowed", errno);
    }
    set.resize(set.size() * 2);
  }
  std::vector<unsigned> cpus;
  for (unsigned cpu = 0; cpu < set.size() * CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET_S(cpu, size_of(set), set.data())) cpus.push_back(cpu);
  }
  return cpus;
}

unsigned measuring_cpu(std::optional<unsigned> asked_for, const std::vector<unsigned> &cpus) {
  return asked_for.value_or(cpus.back());
}

Result<> pin_thread(unsigned cpu) {
  int error = EINVAL;
  if (cpu < kMaxCpus) {
    CpuSet set(cpu / CPU_SETSIZE + 1);
    CPU_SET_S(cpu, size_of(set), set.data());
    if (::sched_setaffinity(0, size_of(set), set.data()) == 0) return Ok{};
    error = errno;
  }
  const ErrorKind kind = error == EINVAL ? ErrorKind::kUnavailable : ErrorKind::kHarness;
  return fail_as(kind, "pin to CPU", std::to_string(cpu), error,
                 error == EINVAL ? "no such CPU, or this process may not use it" : "");
}

bool run_first() {
  const sched_param parameters{.sched_priority = 1};
  return ::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0;
}

size_t last_level_cache_bytes(const std::filesystem::path &cpu_directory) {
  const auto caches = data_caches(cpu_directory);
  return caches.empty() ? 0 : caches.rbegin()->second;
}

size_t level2_cache_bytes(const std::filesystem::path &cpu_directory) {
  const auto caches = data_caches(cpu_directory);
  const auto level2 = caches.find(2);
  return level2 == caches.end() ? 0 : level2->second;
}

}  // namespace sklab
