// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace sklab {

KernelLog KernelLog::from_now() {
  UniqueFd fd(::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (fd.valid()) ::lseek(fd.get(), 0, SEEK_END);
  return KernelLog(std::move(fd));
}

std::string KernelLog::read() {
  constexpr size_t kMostBytes = 1 << 20;
  std::string text;
  // A read(2) returns one record: "prefix;message\n" and perhaps lines of properties, which begin
  // with a space (Documentation/ABI/testing/dev-kmsg).
  std::array<char, 8192> record{};
  while (fd_.valid() && text.size() < kMostBytes) {
    const ssize_t size = ::read(fd_.get(), record.data(), record.size());
    // EPIPE: records were overwritten before they were read, and the next read goes on after them.
    if (size < 0 && (errno == EPIPE || errno == EINTR)) continue;
    if (size <= 0) break;
    const std::string_view whole(record.data(), static_cast<size_t>(size));
    const size_t message = whole.find(';') + 1;
    text += whole.substr(message, whole.find('\n') - message);
    text += '\n';
  }
  return text;
}

}  // namespace sklab
