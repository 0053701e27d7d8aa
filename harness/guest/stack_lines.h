// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/guest/guest_run.h"
#include "harness/guest/kernel_report.h"

namespace sklab {

// The report's stack, a function a line, with the source line that each was at if the kernel's
// debug information and its System.map stand beside its image.
std::string stack_with_lines(const KernelReport &report, const GuestKernel &kernel);

// All of the report's text, with the source line behind every "function+0x1a3/0x2b0", as
// scripts/decode_stacktrace.sh of the kernel has them.
std::string report_with_lines(const KernelReport &report, const GuestKernel &kernel);

}  // namespace sklab
