// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/fastest_processor.h"

#include <unistd.h>

#include <cerrno>

#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

constexpr char kDevice[] = "/dev/kvm";
constexpr double kLimitS = 15;  // a boot with KVM takes two or three

}  // namespace

Result<Processor> fastest_processor(const GuestKernel &kernel) {
  if (::access(kDevice, R_OK | W_OK) != 0) return Processor::kEmulated;
  GuestOptions options;
  options.processor = Processor::kKvm;
  options.limit_s = kLimitS;
  const auto record = run_in_guest(kernel, own_command({"--version"}), options);
  if (interrupted()) return fail("boot", kernel.name, EINTR);
  if (!record && record.error().kind != ErrorKind::kHarness) return tl::unexpected(record.error());
  const bool works = record && record->end == GuestEnd::kExited && record->exit_code == 0;
  return works ? Processor::kKvm : Processor::kEmulated;
}

}  // namespace sklab
