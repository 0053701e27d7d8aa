// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How a guest's bytes leave it: QEMU's isa-debugcon takes what is written to a port. It needs no
// driver, no interrupt and no buffer, so it works in every kernel, and tells nothing of the host to
// a guest that must not notice it.
#pragma once

#include <cstdint>
#include <string_view>

#include "harness/base/result.h"

namespace sklab {

inline constexpr uint16_t kChannelPort = 0x5e9;
inline constexpr uint16_t kNotePort = 0x5ea;
inline constexpr uint16_t kEndPort = 0x5f4;  // QEMU's isa-debug-exit

class DebugPort {
 public:
  // Errors: no privilege, or no permission to use ports (lockdown).
  static Result<DebugPort> open(uint16_t port = kChannelPort);

  // Between writes the process may not use the ports: a kernel has more to do in every system call
  // of a process that may, and of those that it starts.
  void write(std::string_view bytes) const;
  // The machine stops at once.
  [[noreturn]] void end() const;

 private:
  explicit DebugPort(uint16_t port) : port_(port) {}

  uint16_t port_;
};

}  // namespace sklab
