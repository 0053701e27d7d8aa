// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/debug_port.h"

#include <sys/io.h>
#include <unistd.h>

#include <cerrno>

namespace sklab {

Result<DebugPort> DebugPort::open(uint16_t port) {
  if (::ioperm(port, 1, 1) != 0) return fail("use the guest's debug port", "", errno);
  ::ioperm(port, 1, 0);
  return DebugPort(port);
}

void DebugPort::write(std::string_view bytes) const {
  ::ioperm(port_, 1, 1);
  ::outsb(port_, bytes.data(), bytes.size());
  ::ioperm(port_, 1, 0);
}

void DebugPort::end() const {
  ::ioperm(kEndPort, 1, 1);
  ::outb(0, kEndPort);
  for (;;) ::pause();
}

}  // namespace sklab
