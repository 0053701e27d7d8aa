// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/result.h"
#include "harness/guest/guest_run.h"

namespace sklab {

// KVM where it works with this kernel, which only a boot tells: a device can be there and fail all
// the same. Otherwise an emulator that uses all CPUs. Errors: kUnavailable without an emulator; an
// interrupt.
Result<Processor> fastest_processor(const GuestKernel &kernel);

}  // namespace sklab
