// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/debug_port.h"

#include <sys/io.h>
#include <unistd.h>

#include <cerrno>

namespace sklab {

Result<DebugPort> DebugPort::open() {
  if (::ioperm(kChannelPort, 1, 1) != 0) return fail("use the guest's debug port", "", errno);
  ::ioperm(kChannelPort, 1, 0);
  return DebugPort();
}

void DebugPort::write(std::string_view bytes) const {
  ::ioperm(kChannelPort, 1, 1);
  ::outsb(kChannelPort, bytes.data(), bytes.size());
  ::ioperm(kChannelPort, 1, 0);
}

void DebugPort::end() const {
  ::ioperm(kEndPort, 1, 1);
  ::outb(0, kEndPort);
  for (;;) ::pause();
}

}  // namespace sklab
