// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/fingerprint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>
#include <zlib.h>

#include <fstream>
#include <random>

#include "harness/record/digest.h"

namespace sklab {
namespace {

std::string gzip(const std::string &content) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string compressed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef *>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

TEST(Sha256, KnownAnswers) {
  // FIPS 180-2, appendix B.1, and the empty message.
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Gunzip, GivesBackWhatWasCompressed) {
  std::mt19937_64 random(1);
  for (const size_t size : {0, 1, 1000, 65536, 300000}) {
    std::string content(size, '\0');
    for (char &c : content) c = static_cast<char>(random() % 7);
    const auto back = gunzip(gzip(content));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, content);
  }
}

TEST(Gunzip, RefusesCutOrForeignData) {
  const std::string whole = gzip(std::string(10000, 'x'));
  EXPECT_FALSE(gunzip(whole.substr(0, whole.size() - 1)));
  EXPECT_FALSE(gunzip("not gzip"));
  EXPECT_FALSE(gunzip(""));
}

TEST(Fingerprint, DescribesThisMachine) {
  const Fingerprint fingerprint = read_fingerprint();
  utsname names{};
  ASSERT_EQ(uname(&names), 0);
  EXPECT_EQ(fingerprint.kernel_release, names.release);
  EXPECT_EQ(fingerprint.architecture, names.machine);
  EXPECT_GE(fingerprint.cpus_online, 1U);
  EXPECT_GT(fingerprint.memory_total_bytes, 1U << 20U);
  EXPECT_THAT(fingerprint.compiler, testing::Not(testing::IsEmpty()));
  EXPECT_THAT(fingerprint.bpf_compiler, testing::HasSubstr("clang"));
  EXPECT_THAT(fingerprint.libbpf_version, testing::StartsWith("v"));
  EXPECT_EQ(fingerprint, read_fingerprint());
}

}  // namespace
}  // namespace sklab
