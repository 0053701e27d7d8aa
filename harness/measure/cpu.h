// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

inline constexpr char kCpuDirectory[] = "/sys/devices/system/cpu";

// CPUs that the calling thread may run on, ascending: what taskset and cpusets leave.
Result<std::vector<unsigned>> allowed_cpus();

// The one that is measured on: the one asked for, or the last, since the first takes interrupts.
// Requires: cpus not empty.
unsigned measuring_cpu(std::optional<unsigned> asked_for, const std::vector<unsigned> &cpus);

// Keeps the calling thread, and those it creates later, on one CPU.
// Errors: kUnavailable when that CPU does not exist, is offline or outside the cpuset.
Result<> pin_thread(unsigned cpu);

// Lets the calling thread run before all threads of ordinary priority (SCHED_FIFO), so that other
// work on its CPU waits while it measures. Returns whether it could: that takes CAP_SYS_NICE, and a
// kernel and cgroup that have real-time time to give. Threads and processes that it creates are
// ordinary.
bool run_first();

// CPUs that are threads of the same core as this one, itself among them; none where the kernel does
// not say.
std::vector<unsigned> core_threads(unsigned cpu,
                                   const std::filesystem::path &cpu_directory = kCpuDirectory);

// Bytes of the largest cache level and of level 2 as CPU 0 sees them, instruction caches aside; 0
// when the kernel does not say (Documentation/ABI/testing/sysfs-devices-system-cpu).
size_t last_level_cache_bytes(const std::filesystem::path &cpu_directory = kCpuDirectory);
size_t level2_cache_bytes(const std::filesystem::path &cpu_directory = kCpuDirectory);

}  // namespace sklab
