// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/object_scenario_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <set>

#include "harness/model/random_scenario.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kStart[] = "object 1\nsocket web tcp4 127.0.0.1:8080\n";
constexpr char kWebPacket[] = "packet tcp4 127.0.0.9:4000 -> 192.0.2.7:80 = web\n";

std::vector<Scalar> random_scalars(std::mt19937_64 &random) {
  std::vector<Scalar> scalars(1 + random() % 4);
  for (Scalar &scalar : scalars) {
    scalar.type = static_cast<ScalarType>(random() % kScalarNames.size());
    const size_t size = kScalarNames[static_cast<size_t>(scalar.type)].size;
    scalar.bytes.resize(size != 0 ? size : 1 + random() % 5);
    for (uint8_t &byte : scalar.bytes) byte = static_cast<uint8_t>(random() % 3 * 127);
  }
  return scalars;
}

ExpectedAnswer random_answer(size_t sockets, std::mt19937_64 &random) {
  ExpectedAnswer answer{static_cast<ExpectedAnswer::Kind>(random() % kAnswerNames.size()), 0};
  if (answer.kind != ExpectedAnswer::Kind::kSocket) return answer;
  if (sockets == 0) return {};
  answer.socket = random() % sockets;
  return answer;
}

ObjectScenario random_object_scenario(std::mt19937_64 &random) {
  Scenario scenario = random_scenario(random);
  ObjectScenario object;
  object.sockets = scenario.sockets;
  object.may_drop = random() % 2 == 0;
  std::set<std::string> keys;
  for (size_t i = random() % 4; i > 0; --i) {
    MapEntry entry{"map" + std::to_string(random() % 2), random_scalars(random), {}, {}, {}};
    const std::vector<uint8_t> key = bytes_of(entry.key);
    if (!keys.emplace(key.begin(), key.end()).second) continue;
    if (random() % 2 == 0 && !object.sockets.empty()) {
      entry.socket = random() % object.sockets.size();
    } else {
      entry.value = random_scalars(random);
    }
    object.entries.push_back(std::move(entry));
  }
  for (size_t i = random() % 3; i > 0; --i) {
    object.globals.push_back({"global" + std::to_string(i), random_scalars(random), {}});
  }
  for (size_t i = 1 + random() % 4; i > 0; --i) {
    object.packets.push_back({scenario.packet, random_answer(object.sockets.size(), random), {}});
    randomize_lookup(scenario, 0, random);
    if (find_contradiction(scenario)) break;
  }
  return object;
}

TEST(ObjectScenarioText, RoundTripsEveryRandomScenario) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 4000; ++i) {
    const ObjectScenario scenario = random_object_scenario(random);
    const std::string text = format_object_scenario(scenario);
    const auto parsed = parse_object_scenario(text);
    ASSERT_TRUE(parsed) << parsed.error().message() << "\n" << text;
    ASSERT_EQ(*parsed, scenario) << text;
    ASSERT_EQ(format_object_scenario(*parsed), text);
  }
}

std::vector<uint8_t> key_bytes(const std::string &scalars) {
  const auto scenario = parse_object_scenario(std::string(kStart) + "entry m key " + scalars +
                                              " socket web\n" + kWebPacket);
  EXPECT_TRUE(scenario) << scenario.error().message();
  return scenario ? bytes_of(scenario->entries.front().key) : std::vector<uint8_t>{};
}

template <typename T>
std::vector<uint8_t> memory_of(T value) {
  const auto *first = reinterpret_cast<const uint8_t *>(&value);
  return {first, first + sizeof(value)};
}

TEST(ObjectScenarioText, NumbersLieInMemoryAsTheMachineHasThem) {
  for (const uint64_t number : {0ULL, 1ULL, 0x80ULL, 0xffULL}) {
    const std::string text = std::to_string(number);
    EXPECT_EQ(key_bytes("u8:" + text), memory_of(static_cast<uint8_t>(number)));
    EXPECT_EQ(key_bytes("u16:" + text), memory_of(static_cast<uint16_t>(number)));
    EXPECT_EQ(key_bytes("u32:" + text), memory_of(static_cast<uint32_t>(number)));
    EXPECT_EQ(key_bytes("u64:" + text), memory_of(number));
  }
  constexpr uint64_t kLarge = 0x0102030405060708;
  EXPECT_EQ(key_bytes("u64:0x102030405060708"), memory_of(kLarge));
  EXPECT_EQ(key_bytes("u32:4294967295"), memory_of(std::numeric_limits<uint32_t>::max()));
}

TEST(ObjectScenarioText, AndTheNetworkSOrderIsTheNetworkS) {
  EXPECT_THAT(key_bytes("be16:0x102"), ElementsAre(1, 2));
  EXPECT_THAT(key_bytes("be32:0x1020304"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(key_bytes("ip4:192.0.2.1"), ElementsAre(192, 0, 2, 1));
  EXPECT_EQ(key_bytes("ip6:2001:db8::1"),
            key_bytes("hex:20010db8 hex:000000000000 hex:000000000001"));
  EXPECT_EQ(key_bytes("u8:1 be16:2 hex:00ff"), (std::vector<uint8_t>{1, 0, 2, 0, 255}));
}

TEST(ObjectScenarioText, LinesAreKeptAndMakeNoDifference) {
  const std::string entry = "entry m key u8:1 socket web\n";
  const auto one = parse_object_scenario(std::string(kStart) + entry + kWebPacket);
  const auto other =
      parse_object_scenario(std::string(kStart) + "\n# a comment\n" + entry + kWebPacket);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(*one, *other);
  EXPECT_EQ(other->entries.front().line.number, 5U);
  EXPECT_EQ(other->packets.front().line.number, 6U);
}

struct MalformedObject {
  std::string text;
  std::string position;
  std::string expected;
};

TEST(ObjectScenarioText, SaysWhereAndWhatIsWrong) {
  const std::string head = kStart;
  const std::vector<MalformedObject> cases = {
      {"", "1:1", "object 1"},
      {"scenario 1\n", "1:1", "object 1"},
      {"object 2\n", "1:8", "version 1"},
      {head, "3:1", "a packet"},
      {head + "nonsense\n", "3:1", "socket, global, entry, may or packet"},
      {head + "socket\n", "3:7", "the socket's name"},
      {head + "socket drop tcp4 127.0.0.1:1\n", "3:8", "other than plain, none and drop"},
      {head + "socket web tcp4 127.0.0.1:1\n", "3:8", "no other socket has"},
      {head + "global\n", "3:7", "the variable's name"},
      {head + "global a\n", "3:9", "u8:, u16:"},
      {head + "global a u8:1\nglobal a u8:1\n", "4:8", "each variable once"},
      {head + "entry\n", "3:6", "the map's name"},
      {head + "entry m u8:1\n", "3:9", "key"},
      {head + "entry m key\n", "3:12", "u8:, u16:"},
      {head + "entry m key u24:1 value u8:1\n", "3:13", "u8:, u16:"},
      {head + "entry m key u8 value u8:1\n", "3:13", "u8:, u16:"},
      {head + "entry m key u8:256 value u8:1\n", "3:13", "a number up to 255"},
      {head + "entry m key be16:65536 value u8:1\n", "3:13", "a number up to 65535"},
      {head + "entry m key u64:18446744073709551616 value u8:1\n", "3:13", "a number"},
      {head + "entry m key ip4:1.2.3 value u8:1\n", "3:13", "address"},
      {head + "entry m key ip4:::1 value u8:1\n", "3:13", "an IPv4 address"},
      {head + "entry m key ip6:1.2.3.4 value u8:1\n", "3:13", "an IPv6 address"},
      {head + "entry m key hex:0 value u8:1\n", "3:13", "two digits"},
      {head + "entry m key hex: value u8:1\n", "3:13", "two digits"},
      {head + "entry m key hex:0G value u8:1\n", "3:13", "two digits"},
      {head + "entry m key u8:1\n", "3:17", "value or socket"},
      {head + "entry m key u8:1 u8\n", "3:18", "value or socket"},
      {head + "entry m key u8:1 value\n", "3:23", "u8:, u16:"},
      {head + "entry m key u8:1 socket dns\n", "3:25", "a socket named above"},
      {head + "entry m key u8:1 socket web\nentry m key hex:01 socket web\n", "4:13", "no other"},
      {head + "entry m key u8:1 socket web web\n", "3:29", "end of the line"},
      {head + "may pass\n", "3:5", "drop"},
      {head + "packet sctp4\n", "3:8", "tcp4, tcp6"},
      {head + "packet tcp4 127.0.0.9:1 -> 127.0.0.1:1 web\n", "3:40", "= and"},
      {head + "packet tcp4 127.0.0.9:1 -> 127.0.0.1:1 =\n", "3:41", "plain, none or drop"},
      {head + "packet tcp4 127.0.0.9:1 -> 127.0.0.1:1 = dns\n", "3:42", "a socket named above"},
      {head + "packet tcp4 127.0.0.9:1 -> 0.0.0.0:1\n", "3:1", "wildcard"},
      {head + kWebPacket + "socket b tcp4 127.0.0.1:8080\n", "4:1", "would not bind"},
      {head + kWebPacket + "socket b udp6 [fe80::1]:53\n", "4:1", "link-local"},
      {head + kWebPacket + "socket b udp6 [febf::1]:53\n", "4:1", "link-local"},
      {head + kWebPacket + "socket b udp6 [ff02::1]:53\n", "4:1", "link-local"},
      {head + kWebPacket + "socket b udp6 [ff11::1]:53\n", "4:1", "link-local"},
      {head + kWebPacket + "socket b udp6 [::1]:53 peer=[fe80::1]:5\n", "4:1", "link-local"},
      {head + kWebPacket + "socket b tcp6 [ff05::1]:80\n", "4:1", "multicast"},
  };
  for (const MalformedObject &malformed : cases) {
    const auto parsed = parse_object_scenario(malformed.text);
    ASSERT_FALSE(parsed) << malformed.text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(parsed.error().object, malformed.position) << malformed.text;
    EXPECT_THAT(parsed.error().message(), HasSubstr(malformed.expected)) << malformed.text;
  }
}

TEST(ObjectScenarioText, SocketsCanHaveWhateverTheKernelBinds) {
  const auto scenario = parse_object_scenario(
      "object 1\nsocket a udp6 [ff05::1]:53\nsocket b tcp4 224.0.0.1:80\n"
      "socket c tcp6 [fec0::1]:80\nsocket d tcp6 [::ffff:224.0.0.2]:80\n"
      "socket e udp4 255.255.255.255:1\npacket tcp4 127.0.0.9:4000 -> 192.0.2.7:80\n");
  EXPECT_TRUE(scenario) << scenario.error().message();
}

// Whatever is read, there is an answer: a scenario that can be written again, or an error.
TEST(ObjectScenarioText, DamagedTextNeverBreaksTheParser) {
  std::mt19937_64 random(3);
  constexpr std::string_view kAlphabet("; \n#:[]0x=key value u8\0\xff", 25);
  for (int i = 0; i < 2000; ++i) {
    std::string text = format_object_scenario(random_object_scenario(random));
    for (size_t damage = 0; damage < 1 + random() % 4; ++damage) {
      text[random() % text.size()] = kAlphabet[random() % kAlphabet.size()];
    }
    const auto parsed = parse_object_scenario(text);
    if (!parsed) continue;
    const auto again = parse_object_scenario(format_object_scenario(*parsed));
    ASSERT_TRUE(again) << again.error().message() << "\n" << text;
    EXPECT_EQ(*again, *parsed) << text;
  }
}

}  // namespace
}  // namespace sklab
