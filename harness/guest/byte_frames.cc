// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/byte_frames.h"

namespace sklab {
namespace {

constexpr size_t kHeaderBytes = 5;
// Far more than anybody puts into one.
constexpr uint32_t kMostPayloadBytes = 1U << 24U;

}  // namespace

std::string encode_frame(uint8_t kind, std::string_view payload) {
  std::string bytes(1, static_cast<char>(kind));
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>(payload.size() >> shift & 0xffU);
  }
  bytes += payload;
  return bytes;
}

std::optional<ByteFrame> ByteFrameDecoder::next() {
  const std::string_view rest = std::string_view(bytes_).substr(used_);
  if (damaged_ || rest.size() < kHeaderBytes) {
    bytes_.erase(0, used_);
    used_ = 0;
    return std::nullopt;
  }
  uint32_t length = 0;
  for (unsigned i = 0; i < 4; ++i) {
    length |= static_cast<uint32_t>(static_cast<unsigned char>(rest[1 + i])) << 8 * i;
  }
  const auto kind = static_cast<uint8_t>(rest[0]);
  damaged_ = kind < 1 || kind > last_kind_ || length > kMostPayloadBytes;
  if (damaged_ || rest.size() < kHeaderBytes + length) {
    bytes_.erase(0, used_);
    used_ = 0;
    return std::nullopt;
  }
  used_ += kHeaderBytes + length;
  return ByteFrame{kind, std::string(rest.substr(kHeaderBytes, length))};
}

}  // namespace sklab
