// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/debug_port.h"

#include <sys/io.h>
#include <unistd.h>

#include <cerrno>

namespace sklab {

Result<DebugPort> DebugPort::open() {
  for (const uint16_t port : {kChannelPort, kEndPort}) {
    if (::ioperm(port, 1, 1) != 0) return fail("use the guest's debug port", "", errno);
  }
  return DebugPort();
}

void DebugPort::write(std::string_view bytes) const {
  ::outsb(kChannelPort, bytes.data(), bytes.size());
}

void DebugPort::end() const {
  ::outb(0, kEndPort);
  for (;;) ::pause();
}

}  // namespace sklab
