// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/cpio_archive.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <iterator>

namespace sklab {
namespace {

// Of names with their zero, and of contents.
void pad(std::string &bytes) { bytes.resize((bytes.size() + 3) / 4 * 4); }

// The root is the archive's own folder; names in it are relative.
std::string_view relative(std::string_view path) {
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  return path;
}

}  // namespace

void CpioArchive::append(std::string &to, std::string_view name, const Entry &entry,
                         uint32_t inode) {
  constexpr unsigned kNoTime = 0;
  constexpr unsigned kRoot = 0;
  const unsigned links = S_ISDIR(entry.mode) ? 2 : 1;
  fmt::format_to(std::back_inserter(to),
                 "070701{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}"
                 "{:08X}",
                 inode, entry.mode, kRoot, kRoot, links, kNoTime, entry.content.size(), 0, 0,
                 entry.major, entry.minor, name.size() + 1, 0);
  to += name;
  to += '\0';
  pad(to);
  to += entry.content;
  pad(to);
}

void CpioArchive::add(std::string_view path, const Entry &entry) {
  const std::string_view name = relative(path);
  if (const size_t slash = name.rfind('/'); slash != std::string_view::npos) {
    add_folder(name.substr(0, slash));
  }
  append(bytes_, name, entry, next_inode_++);
}

void CpioArchive::add_folder(std::string_view path) {
  const std::string_view name = relative(path);
  if (!name.empty() && folders_.emplace(name).second) add(name, {S_IFDIR | 0755, "", 0, 0});
}

void CpioArchive::add_file(std::string_view path, std::string_view content, bool executable) {
  add(path, {executable ? S_IFREG | 0755U : S_IFREG | 0644U, content, 0, 0});
}

void CpioArchive::add_character_device(std::string_view path, unsigned major, unsigned minor) {
  add(path, {S_IFCHR | 0600, "", major, minor});
}

std::string CpioArchive::finish() const {
  std::string bytes = bytes_;
  append(bytes, "TRAILER!!!", {0, "", 0, 0}, 0);
  return bytes;
}

}  // namespace sklab
