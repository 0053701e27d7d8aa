// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/processor_counters.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace sklab {
namespace {

// What read(2) of a group of two gives, by its read_format.
struct GroupValues {
  uint64_t count;
  uint64_t enabled_ns;
  uint64_t running_ns;
  uint64_t values[2];
};

Result<UniqueFd> open_counter(uint64_t event, int leader) {
  perf_event_attr attributes{};
  attributes.size = sizeof(attributes);
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = event;
  attributes.exclude_hv = 1;
  attributes.read_format =
      PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  UniqueFd fd(static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, 0, -1, leader, PERF_FLAG_FD_CLOEXEC)));
  if (fd.valid()) return fd;
  const char *hint = errno == EACCES || errno == EPERM ? "kernel.perf_event_paranoid forbids it"
                                                       : "this processor shows none";
  return fail_as(ErrorKind::kUnavailable, "count cycles and instructions", "", errno, hint);
}

}  // namespace

Result<ProcessorCounters> ProcessorCounters::open() {
  SKLAB_TRY(UniqueFd cycles, open_counter(PERF_COUNT_HW_CPU_CYCLES, -1));
  SKLAB_TRY(UniqueFd instructions, open_counter(PERF_COUNT_HW_INSTRUCTIONS, cycles.get()));
  return ProcessorCounters(std::move(cycles), std::move(instructions));
}

Result<ProcessorCounts> ProcessorCounters::read() const {
  GroupValues group{};
  if (::read(cycles_.get(), &group, sizeof(group)) != sizeof(group)) {
    return fail("read", "processor counters", errno);
  }
  if (group.running_ns != group.enabled_ns) {
    return fail_as(ErrorKind::kUnavailable, "count cycles and instructions all the time", "", 0,
                   "somebody else counts, too");
  }
  return ProcessorCounts{group.values[0], group.values[1]};
}

}  // namespace sklab
