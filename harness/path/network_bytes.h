// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Numbers in network byte order within bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sklab {

inline void put16(std::vector<uint8_t> &out, uint32_t value) {
  out.push_back(static_cast<uint8_t>(value >> 8U));
  out.push_back(static_cast<uint8_t>(value));
}
inline void put32(std::vector<uint8_t> &out, uint32_t value) {
  put16(out, value >> 16U);
  put16(out, value & 0xffffU);
}
inline void put_bytes(std::vector<uint8_t> &out, std::span<const uint8_t> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
inline void set16(std::span<uint8_t> bytes, size_t offset, uint32_t value) {
  bytes[offset] = static_cast<uint8_t>(value >> 8U);
  bytes[offset + 1] = static_cast<uint8_t>(value);
}
inline uint16_t get16(std::span<const uint8_t> bytes, size_t offset) {
  return static_cast<uint16_t>((bytes[offset] << 8U) | bytes[offset + 1]);
}
inline uint32_t get32(std::span<const uint8_t> bytes, size_t offset) {
  return (static_cast<uint32_t>(get16(bytes, offset)) << 16U) | get16(bytes, offset + 2);
}

}  // namespace sklab
