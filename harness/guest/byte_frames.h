// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Messages in a stream of bytes: a kind, the payload's length in four bytes, lowest first, and the
// payload. Kinds are an enum's that begins with 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sklab {

struct ByteFrame {
  uint8_t kind = 0;
  std::string payload;
};

std::string encode_frame(uint8_t kind, std::string_view payload);

// Takes the stream in pieces of any size.
class ByteFrameDecoder {
 public:
  explicit ByteFrameDecoder(uint8_t last_kind) : last_kind_(last_kind) {}

  void add(std::string_view bytes) { bytes_ += bytes; }
  // None until there is a whole one, and after damage.
  std::optional<ByteFrame> next();
  // What came is no frame: the sender's memory or the sender itself are broken.
  [[nodiscard]] bool damaged() const { return damaged_; }

 private:
  uint8_t last_kind_;
  std::string bytes_;
  size_t used_ = 0;  // of them
  bool damaged_ = false;
};

}  // namespace sklab
