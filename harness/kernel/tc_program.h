// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "harness/base/result.h"

namespace sklab {

enum class TcDirection : uint8_t { kIngress, kEgress };

// Has a TC program run on every packet that comes in, or leaves, through an interface of the
// calling thread's netns; it stays as long as the interface. `name` is the interface's, for
// messages. Errors: kUnavailable on a kernel that was built without.
Result<> attach_tc_program(int interface, const std::string &name, TcDirection direction,
                           int program_fd);

}  // namespace sklab
