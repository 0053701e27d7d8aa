// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/guest_stream.h"

#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(GuestStream, WhatIsEncodedIsDecoded) {
  const StreamFigures figures{1, UINT64_MAX, 0, 7};
  EXPECT_EQ(decode_stream_figures(encode_stream_figures(figures)), figures);
  const std::vector<uint64_t> blocks = {0, 0xffffffff81000000, UINT64_MAX};
  EXPECT_EQ(decode_stream_blocks(encode_stream_blocks(blocks)), blocks);
  EXPECT_TRUE(decode_stream_blocks(encode_stream_blocks({})).empty());
  Fingerprint sent;
  sent.kernel_release = "6.12.9 \"quoted\"";
  sent.kernel_version = "#1 SMP\n";
  sent.kernel_config_sha256 = "abc";
  Fingerprint received;
  ASSERT_TRUE(decode_stream_kernel(encode_stream_kernel(sent), received));
  EXPECT_EQ(received, sent);
}

TEST(GuestStream, ContentMayHoldZeros) {
  const NamedPayload named = decode_named(std::string("name\0a\0b", 8));
  EXPECT_EQ(named.name, "name");
  EXPECT_EQ(named.content, std::string("a\0b", 3));
  EXPECT_EQ(decode_named("no zero").name, "");
}

// A guest whose memory is broken sends anything.
TEST(GuestStream, WhatIsNoneOfItIsAnError) {
  Fingerprint fingerprint;
  for (const char *text : {"", "[", "{}", "[1,2,3]", "[1,2,3,\"x\"]", "{\"release\": 1}"}) {
    EXPECT_FALSE(decode_stream_figures(text)) << text;
    EXPECT_FALSE(decode_stream_kernel(text, fingerprint)) << text;
  }
  EXPECT_EQ(decode_stream_blocks("1234567").size(), 0U);
  EXPECT_EQ(decode_stream_blocks("123456789").size(), 1U);
}

}  // namespace
}  // namespace sklab
