// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/lifecycle_rules.h"

#include <gtest/gtest.h>
#include <linux/bpf.h>

#include <cerrno>
#include <set>
#include <string>

#include "harness/model/mutants.h"

namespace sklab {
namespace {

OpenSocket socket_at(Protocol protocol, SocketStage stage, const char *local = "127.0.0.1:7007") {
  OpenSocket socket;
  socket.spec.protocol = protocol;
  socket.spec.local = *parse_endpoint(local);
  socket.stage = stage;
  return socket;
}

TEST(LifecycleRules, MapsTakeSocketsThatArePartOfSomething) {
  const auto put = [](Protocol protocol, SocketStage stage) {
    const OpenSocket socket = socket_at(protocol, stage);
    return check_put(kernel_lifecycle_rules(), {.socket = &socket});
  };
  EXPECT_EQ(put(Protocol::kTcp, SocketStage::kFresh), -EOPNOTSUPP);
  EXPECT_EQ(put(Protocol::kTcp, SocketStage::kBound), -EOPNOTSUPP);
  EXPECT_EQ(put(Protocol::kTcp, SocketStage::kListening), 0);
  EXPECT_EQ(put(Protocol::kTcp, SocketStage::kConnected), 0);
  EXPECT_EQ(put(Protocol::kUdp, SocketStage::kFresh), -EOPNOTSUPP);
  EXPECT_EQ(put(Protocol::kUdp, SocketStage::kBound), 0);
  EXPECT_EQ(put(Protocol::kUdp, SocketStage::kConnected), 0);
}

TEST(LifecycleRules, TheFirstErrorCounts) {
  const OpenSocket fresh = socket_at(Protocol::kUdp, SocketStage::kFresh);
  const OpenSocket bound = socket_at(Protocol::kUdp, SocketStage::kBound);
  const LifecycleRules &rules = kernel_lifecycle_rules();
  SocketMapPut put{.key = kSockmapEntries, .flags = 3, .socket = &fresh};
  EXPECT_EQ(check_put(rules, put), -EOPNOTSUPP);
  put.socket = &bound;
  EXPECT_EQ(check_put(rules, put), -EINVAL);
  put.flags = BPF_EXIST;
  EXPECT_EQ(check_put(rules, put), -E2BIG);
  put.map = SocketMapKind::kSockhash;
  put.used = kSockhashEntries;
  EXPECT_EQ(check_put(rules, put), -ENOENT);
  put.flags = BPF_ANY;
  EXPECT_EQ(check_put(rules, put), -E2BIG);
  put.occupied = true;
  EXPECT_EQ(check_put(rules, put), 0);
  put.flags = BPF_NOEXIST;
  EXPECT_EQ(check_put(rules, put), -EEXIST);
}

TEST(LifecycleRules, TcpSocketsConflictWithListeners) {
  const OpenSocket bound = socket_at(Protocol::kTcp, SocketStage::kBound);
  const OpenSocket listening = socket_at(Protocol::kTcp, SocketStage::kListening);
  const OpenSocket udp = socket_at(Protocol::kUdp, SocketStage::kBound);
  const OpenSocket elsewhere = socket_at(Protocol::kTcp, SocketStage::kListening, "127.0.0.2:7007");
  EXPECT_FALSE(bind_conflict(bound, bound));
  EXPECT_TRUE(bind_conflict(bound, listening));
  EXPECT_FALSE(bind_conflict(bound, elsewhere));
  EXPECT_FALSE(bind_conflict(bound, udp));
  EXPECT_TRUE(bind_conflict(udp, udp));
}

TEST(LifecycleRules, WhatIsNotThereIsToldApart) {
  const auto erase = kernel_lifecycle_rules().erase;
  EXPECT_EQ(erase({SocketMapKind::kSockmap, false}), -EINVAL);
  EXPECT_EQ(erase({SocketMapKind::kSockhash, false}), -ENOENT);
  EXPECT_EQ(erase({SocketMapKind::kSockhash, true}), 0);
  EXPECT_FALSE(kernel_lifecycle_rules().stays_mapped({}));
}

TEST(LifecycleRules, AQueryNeedsRoomForAllOrNone) {
  const auto query = kernel_lifecycle_rules().query;
  EXPECT_EQ(query({1, 0, 0}), -EINVAL);
  EXPECT_EQ(query({0, 0, 3}), 0);
  EXPECT_EQ(query({0, 2, 3}), -ENOSPC);
  EXPECT_EQ(query({0, 3, 3}), 0);
}

TEST(LifecycleRules, MutantsHaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const auto list : {mutants(), rare_mutants(), lifecycle_mutants()}) {
    for (const Mutant &mutant : list) {
      EXPECT_TRUE(names.insert(mutant.wrong_rule).second) << mutant.wrong_rule;
      EXPECT_TRUE(find_mutant(mutant.wrong_rule));
    }
  }
}

}  // namespace
}  // namespace sklab
