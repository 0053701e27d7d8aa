// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// An archive that Linux unpacks as its first root file system: format "newc" of
// Documentation/driver-api/early-userspace/buffer-format.rst.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace sklab {

// What was added in the same order has the same bytes: no times, no owners, no inodes of the host.
class CpioArchive {
 public:
  // Paths are absolute. Folders above are made when they are missing. No file is as big as 4 GiB.
  void add_folder(std::string_view path);
  void add_file(std::string_view path, std::string_view content, bool executable = false);
  void add_character_device(std::string_view path, unsigned major, unsigned minor);

  // With the end marker.
  [[nodiscard]] std::string finish() const;

 private:
  struct Entry {
    uint32_t mode;
    std::string_view content;
    unsigned major;
    unsigned minor;
  };
  static void append(std::string &to, std::string_view name, const Entry &entry, uint32_t inode);
  void add(std::string_view path, const Entry &entry);

  std::string bytes_;
  std::set<std::string, std::less<>> folders_;
  uint32_t next_inode_ = 1;
};

}  // namespace sklab
