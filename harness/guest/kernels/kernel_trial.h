// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/guest/guest_run.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

// What a kernel did when it was booted for the first time.
struct KernelTrial {
  GuestRecord guest;
  std::string doctor;  // what `sklab doctor --json` printed in it
};

// Whether modules have to be signed by those who built the kernel.
enum class ModuleSignatures : uint8_t { kAny, kRequired };

// Boots a kernel and asks doctor. Errors: those of run_in_guest(); an interrupt.
Result<KernelTrial> try_kernel(const GuestKernel &kernel, ModuleSignatures signatures,
                               const Progressing &progress);

// Errors: kHarness for a kernel that did not come up, kUnavailable for one that lacks what sklab
// needs. They say which.
Result<> judge(const KernelTrial &trial, const std::string &name);

}  // namespace sklab
