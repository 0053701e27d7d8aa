// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <bpf/bpf.h>

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// A map for programs that are made of single instructions (kernel/instructions.h); maps of compiled
// programs belong to their object.
class BpfMap {
 public:
  // `inner_fd` is a map like those that a map of maps will hold.
  static Result<BpfMap> create(bpf_map_type type, uint32_t value_size, uint32_t entries,
                               std::optional<int> inner_fd = std::nullopt) {
    LIBBPF_OPTS(bpf_map_create_opts, options,
                .inner_map_fd = static_cast<__u32>(inner_fd.value_or(0)));
    UniqueFd fd(bpf_map_create(type, "sklab", sizeof(uint32_t), value_size, entries, &options));
    if (!fd.valid()) return fail("create map of type", std::to_string(type), errno);
    return BpfMap(std::move(fd));
  }

  // An array of one value, which can be mapped into memory (kernel/mapped_array.h).
  static Result<BpfMap> create_mappable_array(uint32_t value_size) {
    LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
    UniqueFd fd(
        bpf_map_create(BPF_MAP_TYPE_ARRAY, "sklab", sizeof(uint32_t), value_size, 1, &options));
    if (!fd.valid()) return fail("create", "mappable array", errno);
    return BpfMap(std::move(fd));
  }

  [[nodiscard]] int fd() const { return fd_.get(); }

  // 0 or the errno: what a map takes and what it does not is a question of its own.
  template <typename T>
  int put(uint32_t key, const T &value) {
    return bpf_map_update_elem(fd(), &key, &value, BPF_ANY) == 0 ? 0 : errno;
  }
  template <typename T>
  [[nodiscard]] Result<T> get(uint32_t key) const {
    T value{};
    if (bpf_map_lookup_elem(fd(), &key, &value) == 0) return value;
    return fail("read from map, key", std::to_string(key), errno);
  }

 private:
  explicit BpfMap(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace sklab
