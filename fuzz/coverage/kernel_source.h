// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/guest/guest_run.h"

namespace sklab {

// The text of a source file as it was when the kernel was built: `file` is the path that its debug
// information has. Of a kernel that `sklab kernel build` made it is taken from that build's
// snapshots, of another read where it is. Errors: it is not there any more.
Result<std::string> kernel_source(const GuestKernel &kernel, const std::string &file);

}  // namespace sklab
