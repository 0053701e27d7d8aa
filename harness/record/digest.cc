// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/digest.h"

// sha1.h and sha2.h take their integer types for granted.
#include <sys/types.h>

#include <sha1.h>
#include <sha2.h>
#include <zlib.h>

#include <array>

namespace sklab {

std::string sha256_hex(std::string_view content) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> text{};
  ::SHA256Data(reinterpret_cast<const uint8_t *>(content.data()), content.size(), text.data());
  return text.data();
}

std::string sha1_hex(std::string_view content) {
  std::array<char, SHA1_DIGEST_STRING_LENGTH> text{};
  ::SHA1Data(reinterpret_cast<const uint8_t *>(content.data()), content.size(), text.data());
  return text.data();
}

Result<std::string> gunzip(std::string_view compressed) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  z_stream stream{};
  if (::inflateInit2(&stream, kGzipOnly) != Z_OK) return fail("start", "gzip decompression");
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string content;
  std::array<char, 65536> chunk{};
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef *>(chunk.data());
    stream.avail_out = chunk.size();
    status = ::inflate(&stream, Z_NO_FLUSH);
    content.append(chunk.data(), chunk.size() - stream.avail_out);
  }
  ::inflateEnd(&stream);
  if (status != Z_STREAM_END) return fail("decompress", "gzip data");
  return content;
}

}  // namespace sklab
