// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The file that the plugin writes and profile.h reads: kProfileMagic, then records, each
//
//   sequence number, number of pairs, pairs of address and count, checksum
//
// Pairs are sorted by address, which is written as what it adds to the one before. Numbers are
// seven bits a byte, lowest first, the last byte without the high bit (unsigned LEB128): most pairs
// take two or three bytes. The checksum, eight bytes, is FNV-1a of the record's bytes before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sklab {

inline constexpr std::string_view kProfileMagic = "sklab profile 1\n";

// How often the instruction at an address was begun: one that faults is begun again.
struct InstructionCount {
  uint64_t address = 0;
  uint64_t count = 0;
  bool operator==(const InstructionCount &) const = default;
};

inline uint64_t profile_checksum(std::string_view bytes) {
  uint64_t sum = 0xcbf29ce484222325;
  for (const char byte : bytes) sum = (sum ^ static_cast<uint8_t>(byte)) * 0x100000001b3;
  return sum;
}

inline void append_number(std::string &to, uint64_t number) {
  constexpr unsigned kBits = 7;
  constexpr uint64_t kMore = 0x80;
  for (; number >= kMore; number >>= kBits) to += static_cast<char>(number | kMore);
  to += static_cast<char>(number);
}

inline std::string encode_profile_record(uint64_t sequence,
                                         const std::vector<InstructionCount> &counts) {
  std::string record;
  append_number(record, sequence);
  append_number(record, counts.size());
  uint64_t previous = 0;
  for (const InstructionCount &pair : counts) {
    append_number(record, pair.address - previous);
    append_number(record, pair.count);
    previous = pair.address;
  }
  const uint64_t sum = profile_checksum(record);
  for (unsigned shift = 0; shift < 64; shift += 8) record += static_cast<char>(sum >> shift);
  return record;
}

}  // namespace sklab
