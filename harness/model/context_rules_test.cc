// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/context_rules.h"

#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace sklab {
namespace {

static_assert(kContextSize == sizeof(bpf_sk_lookup));

struct Member {
  const char *name;
  size_t offset;
  size_t size;
};
#define MEMBER(name) \
  { #name, offsetof(bpf_sk_lookup, name), sizeof(bpf_sk_lookup::name) }

TEST(ContextFields, AreThoseOfTheStruct) {
  const std::vector<Member> members = {
      MEMBER(cookie),     MEMBER(family),         MEMBER(protocol),  MEMBER(remote_ip4),
      MEMBER(remote_ip6), MEMBER(remote_port),    MEMBER(local_ip4), MEMBER(local_ip6),
      MEMBER(local_port), MEMBER(ingress_ifindex)};
  for (const Member &member : members) {
    const ContextField *field = context_field_at(static_cast<int>(member.offset));
    ASSERT_NE(field, nullptr) << member.name;
    EXPECT_EQ(field->offset, member.offset) << member.name;
    EXPECT_EQ(field->size, member.size) << member.name;
    // The first one has two names.
    EXPECT_EQ(field->name, member.offset == 0 ? "sk" : member.name);
  }
}

TEST(ContextFields, CoverTheStructWithoutGaps) {
  uint32_t end = 0;
  for (const ContextField &field : kContextFields) {
    EXPECT_EQ(field.offset, end) << field.name;
    end = field.offset + field.size;
  }
  EXPECT_EQ(end, kContextSize);
  EXPECT_EQ(context_field_at(-1), nullptr);
  EXPECT_EQ(context_field_at(kContextSize), nullptr);
}

// The same rule told another way, byte by byte: how wide a load may be at each offset, as digits.
//                                  sk      family  protocol
//                                          remote_ip4  remote_ip6      port  padding
//                                          local_ip4   local_ip6       local_port  ifindex  tail
const std::string kWidestLoad = std::string("80000000") + "4121" + "4121" + "4121" +
                                "4121412141214121" + "41" + "21" + "4121" + "4121412141214121" +
                                "4121" + "4121" + "0000";

TEST(ContextAccess, EveryOffsetAndSize) {
  ASSERT_EQ(kWidestLoad.size(), kContextSize);
  for (int offset = -8; offset < static_cast<int>(kContextSize) + 8; ++offset) {
    const bool inside = offset >= 0 && offset < static_cast<int>(kContextSize);
    const auto widest =
        inside ? static_cast<uint32_t>(kWidestLoad[static_cast<size_t>(offset)] - '0') : 0U;
    for (const uint32_t size : kAccessSizes) {
      // The only field of 8 bytes is loaded whole.
      const bool expected = widest == 8 ? size == 8 : size <= widest;
      EXPECT_EQ(context_access_allowed(offset, size, AccessKind::kRead), expected)
          << size << " bytes at " << offset;
      EXPECT_FALSE(context_access_allowed(offset, size, AccessKind::kWrite));
    }
  }
}

Endpoint endpoint(const char *text) { return *parse_endpoint(text); }

bpf_sk_lookup as_struct(const ContextBytes &bytes) {
  bpf_sk_lookup context;
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<uint8_t *>(&context));
  return context;
}

TEST(ContextOf, Ipv4Packet) {
  const Packet packet = {Protocol::kTcp, endpoint("10.1.2.3:4660"), endpoint("127.0.0.1:22136")};
  const ContextBytes bytes = context_of(packet, 9);
  const bpf_sk_lookup context = as_struct(bytes);
  EXPECT_EQ(context.cookie, 0U);
  EXPECT_EQ(context.family, 2U);
  EXPECT_EQ(context.protocol, 6U);
  EXPECT_EQ(loaded_value(bytes, 16, 1), 10U);
  EXPECT_EQ(loaded_value(bytes, 19, 1), 3U);
  EXPECT_EQ(loaded_value(bytes, 40, 1), 127U);
  EXPECT_EQ(loaded_value(bytes, 43, 1), 1U);
  // Network order, and host order: 4660 is 0x1234, 22136 is 0x5678.
  EXPECT_EQ(loaded_value(bytes, 36, 1), 0x12U);
  EXPECT_EQ(loaded_value(bytes, 37, 1), 0x34U);
  EXPECT_EQ(loaded_value(bytes, 60, 4), 22136U);
  EXPECT_EQ(context.ingress_ifindex, 9U);
  for (uint32_t offset = 0; offset < 16; offset += 4) {
    EXPECT_EQ(loaded_value(bytes, 20 + offset, 4), 0U);
    EXPECT_EQ(loaded_value(bytes, 44 + offset, 4), 0U);
  }
}

TEST(ContextOf, Ipv6Packet) {
  const Packet packet = {Protocol::kUdp, endpoint("[fd00::a1]:1"), endpoint("[fd00::b2]:65535")};
  const ContextBytes bytes = context_of(packet, 0);
  const bpf_sk_lookup context = as_struct(bytes);
  EXPECT_EQ(context.family, 10U);
  EXPECT_EQ(context.protocol, 17U);
  EXPECT_EQ(context.remote_ip4, 0U);
  EXPECT_EQ(context.local_ip4, 0U);
  EXPECT_EQ(loaded_value(bytes, 20, 1), 0xfdU);
  EXPECT_EQ(loaded_value(bytes, 35, 1), 0xa1U);
  EXPECT_EQ(loaded_value(bytes, 59, 1), 0xb2U);
  EXPECT_EQ(context.local_port, 65535U);
}

TEST(LoadedValue, WideLoadOfTheRemotePortIsTheNarrowOne) {
  const Packet packet = {Protocol::kTcp, endpoint("10.1.2.3:4660"), endpoint("127.0.0.1:22136")};
  const ContextBytes bytes = context_of(packet, 0);
  EXPECT_EQ(loaded_value(bytes, 36, 4), loaded_value(bytes, 36, 2));
  EXPECT_EQ(loaded_value(bytes, 38, 2), 0U);
}

TEST(LoadedValue, IsThatOfTheBytesInMemory) {
  ContextBytes bytes{};
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(0x80 + i);
  uint64_t wide = 0;
  std::copy_n(bytes.begin(), 8, reinterpret_cast<uint8_t *>(&wide));
  EXPECT_EQ(loaded_value(bytes, 0, 8), wide);
  for (uint32_t offset = 0; offset < kContextSize; ++offset) {
    EXPECT_EQ(loaded_value(bytes, offset, 1), 0x80U + offset);
  }
}

}  // namespace
}  // namespace sklab
