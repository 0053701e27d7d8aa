// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/socket_references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/kernel/bpf_map.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/object_scenario_text.h"

namespace sklab {
namespace {

TEST(SocketReferences, AreCountedForEveryKindOfSocket) {
  const auto scenario = parse_object_scenario(
      "object 1\nsocket a udp4 127.0.0.1:1\nsocket b udp6 [::1]:2\nsocket c tcp4 127.0.0.1:3\n"
      "socket d tcp6 [::1]:4\nsocket e tcp4 127.0.0.1:5 peer=127.0.0.1:6\n"
      "packet udp4 127.0.0.1:1 -> 127.0.0.1:1\n");
  ASSERT_TRUE(scenario);
  const auto netns = Netns::create();
  ASSERT_TRUE(netns);
  auto sockets = SocketSet::create(*netns, scenario->sockets);
  ASSERT_TRUE(sockets) << sockets.error().message();
  const auto before = read_socket_references(*netns);
  ASSERT_TRUE(before) << before.error().message();
  // With the far end of the established one.
  EXPECT_EQ(before->size(), 6U);
  EXPECT_EQ(describe_difference(*before, *read_socket_references(*netns)), "");

  // A sockmap holds a reference of its own.
  auto map = BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(uint64_t), 1);
  ASSERT_TRUE(map) << map.error().message();
  ASSERT_EQ(map->put(0, static_cast<uint64_t>(sockets->fd(0))), 0);
  EXPECT_THAT(describe_difference(*before, *read_socket_references(*netns)),
              testing::MatchesRegex("udp 0100007F:0001 [0-9]+: [0-9]+, not [0-9]+"));
  const auto nothing = [] { return SocketReferences{}; };
  EXPECT_THAT(describe_difference(*before, nothing()), testing::HasSubstr("is gone"));
  EXPECT_THAT(describe_difference(nothing(), *before), testing::HasSubstr("is new"));
  SocketReferences leaked = *before;
  ++leaked.begin()->second;
  EXPECT_THAT(describe_difference(*before, leaked),
              testing::MatchesRegex("tcp .*: [0-9]+, not [0-9]+"));
}

}  // namespace
}  // namespace sklab
