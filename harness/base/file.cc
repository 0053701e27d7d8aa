// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "harness/base/unique_fd.h"

namespace sklab {
namespace {

Result<> write_all(int fd, std::string_view content, const std::string &path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail("write", path, errno);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return Ok{};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path &path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail("open", path.string(), errno);
  std::string content;
  std::array<char, 65536> chunk;
  while (true) {
    const ssize_t count = ::read(fd.get(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail("read", path.string(), errno);
    if (count == 0) return content;
    content.append(chunk.data(), static_cast<size_t>(count));
  }
}

std::string read_fact(const std::filesystem::path &path, std::string_view fallback) {
  auto content = read_file(path);
  if (!content) return std::string(fallback);
  const size_t last = content->find_last_not_of(" \t\r\n");
  content->resize(last == std::string::npos ? 0 : last + 1);
  return *content;
}

Result<> write_file_atomically(const std::filesystem::path &path, std::string_view content) {
  std::string temporary = path.string() + ".XXXXXX";
  UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd.valid()) return fail("create a file beside", path.string(), errno);
  auto written = write_all(fd.get(), content, path.string());
  if (written && ::fchmod(fd.get(), 0644) != 0) written = fail("chmod", temporary, errno);
  // Without the sync a power cut can leave the new name on an empty file.
  if (written && ::fsync(fd.get()) != 0) written = fail("sync", temporary, errno);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = fail("rename to", path.string(), errno);
  }
  if (!written) ::unlink(temporary.c_str());
  return written;
}

Result<> append_to_file(const std::filesystem::path &path, std::string_view content) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) return fail("append to", path.string(), errno);
  return write_all(fd.get(), content, path.string());
}

}  // namespace sklab
