// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/exit_code.h"

namespace sklab {

struct DialectsOptions {
  bool json = false;
};

// `sklab dialects`: where the dialects differ, confirmed on this kernel.
ExitCode run_dialects(const DialectsOptions &options);

}  // namespace sklab
