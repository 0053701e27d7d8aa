// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

namespace sklab {

// The first process of a guest: makes the usual mounts, loads modules, runs the plan's command,
// sends what it prints and leaves behind to the host, and stops the machine.
[[noreturn]] void run_guest_init();

// Whether this process runs in a guest of sklab's.
bool in_guest();

}  // namespace sklab
