// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <bpf/libbpf.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <span>
#include <utility>

#include "harness/base/result.h"

namespace sklab {

// A BPF_F_MMAPABLE array map as plain memory, shared with the programs that use it. The map itself
// is owned by its object.
template <typename T>
class MappedArray {
 public:
  static Result<MappedArray> map(const bpf_map *map) {
    return MappedArray::map(bpf_map__fd(map), bpf_map__max_entries(map), bpf_map__name(map));
  }
  // The same with a descriptor, and the number of the map's values.
  static Result<MappedArray> map(int map_fd, size_t count, const char *name = "") {
    // The kernel lays such arrays out without gaps only for values of a multiple of 8 bytes.
    static_assert(sizeof(T) % 8 == 0);
    void *memory =
        ::mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
    if (memory == MAP_FAILED) return fail("map BPF array", name, errno);
    return MappedArray(static_cast<T *>(memory), count);
  }

  MappedArray(MappedArray &&other) noexcept
      : data_(std::exchange(other.data_, nullptr)), count_(other.count_) {}
  MappedArray &operator=(MappedArray &&) = delete;
  ~MappedArray() {
    if (data_ != nullptr) ::munmap(data_, count_ * sizeof(T));
  }

  T &operator[](size_t index) { return data_[index]; }
  [[nodiscard]] std::span<T> all() { return {data_, count_}; }

 private:
  MappedArray(T *data, size_t count) : data_(data), count_(count) {}

  T *data_;
  size_t count_;
};

}  // namespace sklab
