// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdio>

#include "harness/base/exit_code.h"
#include "harness/base/result.h"

namespace sklab {

// Says what went wrong in one line on stderr, and which exit code that is.
inline ExitCode report_error(const Error &error) {
  std::fprintf(stderr, "sklab: cannot %s\n", error.message().c_str());
  return exit_code_for(error.kind);
}

}  // namespace sklab
