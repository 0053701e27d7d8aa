// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/log_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace sklab {

Result<LogFile> LogFile::open(const std::filesystem::path &path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!fd.valid()) return fail("open log", path.string(), errno);
  const off_t size = ::lseek(fd.get(), 0, SEEK_END);
  return LogFile(path, std::move(fd), static_cast<uint64_t>(size));
}

Result<> LogFile::write(std::string_view text) {
  if (size_ > kMostBytes) {
    ::rename(path_.c_str(), (path_.string() + ".old").c_str());
    SKLAB_TRY(*this, open(path_));
  }
  size_ += text.size();
  while (!text.empty()) {
    const ssize_t written = ::write(fd_.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail("write to log", path_.string(), errno);
    text.remove_prefix(static_cast<size_t>(written));
  }
  return Ok{};
}

}  // namespace sklab
