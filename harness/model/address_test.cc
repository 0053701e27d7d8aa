// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

TEST(Address, TextRoundTrips) {
  for (const char *text : {"0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1", "fd00::1",
                           "::ffff:127.0.0.1", "2001:db8:1:2:3:4:5:6"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(Address, KnowsWildcardsAndMappedOnes) {
  EXPECT_TRUE(parse_address("0.0.0.0")->is_wildcard());
  EXPECT_TRUE(parse_address("::")->is_wildcard());
  EXPECT_FALSE(parse_address("::1")->is_wildcard());
  EXPECT_TRUE(parse_address("::ffff:0.0.0.0")->is_v4_mapped());
  EXPECT_FALSE(parse_address("::ffff:0:0:1")->is_v4_mapped());
  EXPECT_FALSE(parse_address("127.0.0.1")->is_v4_mapped());
}

TEST(Address, MappingThereAndBackIsTheSame) {
  for (const char *text : {"0.0.0.0", "127.0.0.1", "10.255.0.3"}) {
    const IpAddress address = *parse_address(text);
    EXPECT_EQ(address.to_v4_mapped().text(), std::string("::ffff:") + text);
    EXPECT_EQ(address.to_v4_mapped().from_v4_mapped(), address);
  }
  const IpAddress other = *parse_address("fd00::1");
  EXPECT_EQ(other.to_v4_mapped(), other);
  EXPECT_EQ(other.from_v4_mapped(), other);
}

TEST(Endpoint, TextRoundTrips) {
  for (const char *text : {"127.0.0.1:0", "0.0.0.0:65535", "[::]:80", "[::ffff:1.2.3.4]:7007"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(endpoint->text(), text);
  }
}

TEST(Endpoint, RefusesWhatIsNotOne) {
  for (const char *text :
       {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:8x",
        "[127.0.0.1]:80", "::1:80", "[::1:80", "300.0.0.1:80", "[::1]:", "host:80"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_FALSE(endpoint) << text;
    EXPECT_EQ(endpoint.error().kind, ErrorKind::kUsage);
  }
  EXPECT_FALSE(parse_address(std::string_view("127.0.0.1\0", 10)));
}

}  // namespace
}  // namespace sklab
