// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/kernel_memory.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>
#include <string>

#include "harness/base/file.h"
#include "harness/base/unique_fd.h"

namespace sklab {
namespace {

constexpr char kSlabinfo[] = "/proc/slabinfo";

Result<uint64_t> memlock_bytes(int fd) {
  const std::string path = "/proc/self/fdinfo/" + std::to_string(fd);
  SKLAB_TRY(const std::string text, read_file(path));
  std::istringstream lines(text);
  std::string key;
  uint64_t value = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    if (words >> key >> value && key == "memlock:") return value;
  }
  return fail("find memlock in", path);
}

}  // namespace

Result<uint64_t> slab_memory_bytes() {
  auto text = read_file(kSlabinfo);
  if (!text) {
    text.error().kind = ErrorKind::kUnavailable;
    return tl::unexpected(std::move(text).error());
  }
  std::istringstream lines(*text);
  uint64_t bytes = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name;
    uint64_t active = 0;
    uint64_t allocated = 0;
    uint64_t object_bytes = 0;
    // The two title lines have no numbers there.
    if (words >> name >> active >> allocated >> object_bytes) bytes += active * object_bytes;
  }
  return bytes;
}

Result<uint64_t> program_memory_bytes(int program_fd) {
  std::array<uint32_t, 64> map_ids{};
  bpf_prog_info info{};
  info.nr_map_ids = map_ids.size();
  info.map_ids = reinterpret_cast<uintptr_t>(map_ids.data());
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(program_fd, &info, &size) != 0) {
    return fail("read", "program info", errno);
  }
  SKLAB_TRY(uint64_t bytes, memlock_bytes(program_fd));
  const size_t count = std::min<size_t>(info.nr_map_ids, map_ids.size());
  for (size_t i = 0; i < count; ++i) {
    const UniqueFd map(bpf_map_get_fd_by_id(map_ids[i]));
    if (!map.valid()) return fail("open", "map of a program", errno);
    SKLAB_TRY(const uint64_t map_bytes, memlock_bytes(map.get()));
    bytes += map_bytes;
  }
  return bytes;
}

}  // namespace sklab
