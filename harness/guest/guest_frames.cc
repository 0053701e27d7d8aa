// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_frames.h"

namespace sklab {
namespace {

constexpr size_t kHeaderBytes = 5;
// Far more than a guest puts into one.
constexpr uint32_t kMostPayloadBytes = 1U << 24U;

}  // namespace

std::string encode(FrameKind kind, std::string_view payload) {
  std::string bytes(1, static_cast<char>(kind));
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes += static_cast<char>(payload.size() >> shift & 0xffU);
  }
  bytes += payload;
  return bytes;
}

std::optional<Frame> FrameDecoder::next() {
  if (damaged_ || bytes_.size() < kHeaderBytes) return std::nullopt;
  uint32_t length = 0;
  for (unsigned i = 0; i < 4; ++i) {
    length |= static_cast<uint32_t>(static_cast<unsigned char>(bytes_[1 + i])) << 8 * i;
  }
  const auto kind = static_cast<uint8_t>(bytes_[0]);
  damaged_ = kind < static_cast<uint8_t>(FrameKind::kStarted) ||
             kind > static_cast<uint8_t>(FrameKind::kFailed) || length > kMostPayloadBytes;
  if (damaged_ || bytes_.size() < kHeaderBytes + length) return std::nullopt;
  Frame frame{static_cast<FrameKind>(kind), bytes_.substr(kHeaderBytes, length)};
  bytes_.erase(0, kHeaderBytes + length);
  return frame;
}

}  // namespace sklab
