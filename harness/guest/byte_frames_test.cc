// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/byte_frames.h"

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

#include "harness/guest/guest_frames.h"

namespace sklab {
namespace {

using Frames = std::vector<std::pair<FrameKind, std::string>>;

constexpr size_t kFrameHeaderBytes = 5;
constexpr auto kFirstKind = static_cast<unsigned>(FrameKind::kStarted);
constexpr auto kLastKind = kLastFrameKind;

std::string every_byte() {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  return bytes;
}

// Of every kind, and of lengths around those of a header.
Frames some_frames() {
  Frames frames;
  for (unsigned kind = kFirstKind; kind <= kLastKind; ++kind) {
    frames.emplace_back(static_cast<FrameKind>(kind), every_byte().substr(0, kind - 1));
  }
  frames.emplace_back(FrameKind::kFileData, every_byte());
  frames.emplace_back(FrameKind::kExit, "0");
  return frames;
}

std::string stream_of(const Frames &frames) {
  std::string stream;
  for (const auto &[kind, payload] : frames) stream += encode(kind, payload);
  return stream;
}

void take_all(ByteFrameDecoder &decoder, Frames &frames) {
  while (auto frame = decoder.next())
    frames.emplace_back(static_cast<FrameKind>(frame->kind), std::move(frame->payload));
}

// What comes of the stream if it comes in pieces of the sizes that `next_size` gives.
template <typename NextSize>
Frames decode_in_pieces(std::string_view stream, NextSize &&next_size) {
  ByteFrameDecoder decoder(kLastKind);
  Frames frames;
  for (size_t at = 0; at < stream.size();) {
    const std::string_view piece = stream.substr(at, next_size());
    at += piece.size();
    decoder.add(piece);
    take_all(decoder, frames);
  }
  EXPECT_FALSE(decoder.damaged());
  return frames;
}

std::string header_of(uint8_t kind, uint32_t length) {
  std::string header(1, static_cast<char>(kind));
  for (unsigned shift = 0; shift < 32; shift += 8) header += static_cast<char>(length >> shift);
  return header;
}

TEST(ByteFrames, AreEncodedAsDescribed) {
  EXPECT_EQ(encode(FrameKind::kOutput, "ab"), std::string("\x03\x02\0\0\0ab", 7));
  EXPECT_EQ(encode(FrameKind::kExit, std::string(0x10203, 'x')).substr(0, kFrameHeaderBytes),
            std::string("\x08\x03\x02\x01\0", 5));
}

TEST(ByteFrames, AreTheSameForPiecesOfAnySize) {
  const std::string stream = stream_of(some_frames());
  for (size_t size = 1; size <= stream.size(); ++size) {
    EXPECT_EQ(decode_in_pieces(stream, [&] { return size; }), some_frames()) << size;
  }
  std::mt19937_64 random(1);
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(decode_in_pieces(stream, [&] { return random() % 40; }), some_frames());
  }
}

TEST(ByteFrames, OfATruncatedStreamAreThoseThatAreWhole) {
  const Frames frames = some_frames();
  const std::string stream = stream_of(frames);
  size_t whole = 0;
  size_t end = kFrameHeaderBytes + frames.front().second.size();  // of the next one
  for (size_t size = 0; size <= stream.size(); ++size) {
    if (size == end) {
      ++whole;
      if (whole < frames.size()) end += kFrameHeaderBytes + frames[whole].second.size();
    }
    ByteFrameDecoder decoder(kLastKind);
    decoder.add(stream.substr(0, size));
    Frames decoded;
    take_all(decoder, decoded);
    EXPECT_EQ(decoded, Frames(frames.begin(), frames.begin() + static_cast<ptrdiff_t>(whole)));
    EXPECT_FALSE(decoder.damaged());
  }
}

TEST(ByteFrames, EveryKindThatThereIsNotIsDamage) {
  for (unsigned kind = 0; kind < 256; ++kind) {
    ByteFrameDecoder decoder(kLastKind);
    decoder.add(encode(FrameKind::kOutput, "before"));
    decoder.add(header_of(static_cast<uint8_t>(kind), 0));
    decoder.add(encode(FrameKind::kOutput, "behind"));
    Frames frames;
    take_all(decoder, frames);
    const bool there_is = kind >= kFirstKind && kind <= kLastKind;
    EXPECT_EQ(decoder.damaged(), !there_is) << kind;
    EXPECT_EQ(frames.size(), there_is ? 3U : 1U) << kind;
  }
}

TEST(ByteFrames, LengthsThatNoGuestSendsAreDamageBeforeThePayloadComes) {
  constexpr uint32_t kMost = 1U << 24U;
  const auto is_damage = [](uint32_t length) {
    ByteFrameDecoder decoder(kLastKind);
    decoder.add(header_of(static_cast<uint8_t>(FrameKind::kFileData), length));
    EXPECT_FALSE(decoder.next() && length > 0);
    return decoder.damaged();
  };
  for (unsigned bit = 0; bit < 32; ++bit) EXPECT_EQ(is_damage(1U << bit), bit > 24) << bit;
  EXPECT_FALSE(is_damage(kMost));
  EXPECT_TRUE(is_damage(kMost + 1));
  EXPECT_TRUE(is_damage(UINT32_MAX));
}

TEST(ByteFrames, NothingComesBehindDamage) {
  ByteFrameDecoder decoder(kLastKind);
  decoder.add(header_of(0, 0));
  EXPECT_FALSE(decoder.next());
  decoder.add(encode(FrameKind::kExit, "0"));
  EXPECT_FALSE(decoder.next());
  EXPECT_TRUE(decoder.damaged());
}

}  // namespace
}  // namespace sklab
