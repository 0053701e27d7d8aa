// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/growing_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace sklab {

Result<std::string> GrowingFile::read() {
  constexpr size_t kMostBytes = 1U << 20U;
  if (!fd_.valid()) fd_ = UniqueFd(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd_.valid()) {
    if (errno == ENOENT) return "";
    return fail("open", path_.string(), errno);
  }
  std::string bytes(kMostBytes, '\0');
  const ssize_t size = ::pread(fd_.get(), bytes.data(), bytes.size(), offset_);
  if (size < 0) return fail("read", path_.string(), errno);
  bytes.resize(static_cast<size_t>(size));
  if (size > 0) {
    ::fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset_, size);
  }
  offset_ += size;
  return bytes;
}

}  // namespace sklab
