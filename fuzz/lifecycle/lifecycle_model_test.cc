// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/lifecycle_model.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace sklab {
namespace {

using Kind = OperationKind;

class LifecycleModelTest : public testing::Test {
 protected:
  ExpectedResult make(const Operation &operation) {
    EXPECT_TRUE(model_.possible(operation)) << describe(operation);
    return model_.apply(operation, programs_);
  }
  int error_of(const Operation &operation) { return make(operation).result.error; }

  // A UDP socket or a listener.
  void serve(size_t socket, const char *local, size_t netns = 0,
             Protocol protocol = Protocol::kUdp) {
    Operation operation{.kind = Kind::kOpenSocket, .netns = netns, .socket = socket};
    operation.spec.protocol = protocol;
    operation.spec.local = *parse_endpoint(local);
    operation.spec.family = operation.spec.local.address.family;
    EXPECT_EQ(error_of(operation), 0);
    operation.kind = Kind::kBind;
    EXPECT_EQ(error_of(operation), 0);
    if (protocol == Protocol::kTcp) {
      EXPECT_EQ(error_of({.kind = Kind::kListen, .socket = socket}), 0);
    }
  }
  ExpectedResult look_up(const char *source, const char *destination, size_t netns = 0,
                         Protocol protocol = Protocol::kUdp) {
    Operation operation{.kind = Kind::kLookUp, .netns = netns};
    operation.packet = {protocol, *parse_endpoint(source), *parse_endpoint(destination)};
    return make(operation);
  }

  ProgramTable programs_{
      {{{}, kSkPass}, {{{ProgramStep::Source{SocketMapKind::kSockmap, 1}, 0}}, kSkPass}}};
  LifecycleModel model_{kernel_rules()};
};

TEST_F(LifecycleModelTest, ALookupRunsTheProgramsThatAreAttachedNow) {
  serve(3, "127.0.0.1:7007");
  const auto found = [&] { return look_up("127.0.0.9:40000", "127.0.0.2:8008").sockets; };
  EXPECT_TRUE(found().empty());
  make({.kind = Kind::kAttach, .link = 7, .program = 1});
  const ExpectedResult nothing_mapped = look_up("127.0.0.9:40000", "127.0.0.2:8008");
  EXPECT_EQ(nothing_mapped.result.programs, std::vector<size_t>{1});
  EXPECT_EQ(nothing_mapped.result.step_results, std::vector<int>{SKLAB_NOT_MAPPED});
  make({.kind = Kind::kPut, .socket = 3, .key = 1});
  EXPECT_EQ(found(), std::vector<size_t>{3});
  make({.kind = Kind::kUpdate, .link = 7, .program = 0});
  EXPECT_TRUE(found().empty());
  make({.kind = Kind::kUpdate, .link = 7, .program = 1});
  make({.kind = Kind::kDetach, .link = 7});
  EXPECT_TRUE(look_up("127.0.0.9:40000", "127.0.0.2:8008").result.programs.empty());
}

TEST_F(LifecycleModelTest, ASocketOfAnotherNetnsCanBeAssignedButNotFound) {
  serve(3, "127.0.0.1:7007", 1);
  EXPECT_TRUE(look_up("127.0.0.9:40000", "127.0.0.1:7007", 0).sockets.empty());
  make({.kind = Kind::kPut, .socket = 3, .key = 1});
  make({.kind = Kind::kAttach, .link = 0, .program = 1});
  EXPECT_EQ(look_up("127.0.0.9:40000", "127.0.0.1:7007", 0).sockets, std::vector<size_t>{3});
}

TEST_F(LifecycleModelTest, AClosedSocketLeavesItsMapsAndItsPort) {
  serve(3, "127.0.0.1:7007");
  make({.kind = Kind::kPut, .socket = 3, .key = 1});
  make({.kind = Kind::kPut, .socket = 3, .map = SocketMapKind::kSockhash, .key = 5});
  EXPECT_EQ(make({.kind = Kind::kRead, .key = 1}).sockets, std::vector<size_t>{3});
  make({.kind = Kind::kCloseSocket, .socket = 3});
  EXPECT_EQ(error_of({.kind = Kind::kRead, .key = 1}), -ENOENT);
  EXPECT_EQ(error_of({.kind = Kind::kErase, .map = SocketMapKind::kSockhash, .key = 5}), -ENOENT);
  EXPECT_FALSE(model_.possible({.kind = Kind::kListen, .socket = 3}));
  serve(4, "127.0.0.1:7007");
}

TEST_F(LifecycleModelTest, AListenerThatWasShutDownStaysMappedAndIsRefused) {
  serve(3, "127.0.0.1:7007", 0, Protocol::kTcp);
  make({.kind = Kind::kPut, .socket = 3, .key = 1});
  make({.kind = Kind::kAttach, .link = 0, .program = 1});
  make({.kind = Kind::kShutDown, .socket = 3});
  const auto refused = look_up("127.0.0.9:40000", "127.0.0.1:7007", 0, Protocol::kTcp);
  EXPECT_EQ(refused.result.step_results, std::vector<int>{-ESOCKTNOSUPPORT});
  EXPECT_TRUE(refused.sockets.empty());
  make({.kind = Kind::kListen, .socket = 3});
  const auto found = look_up("127.0.0.9:40000", "127.0.0.1:7007", 0, Protocol::kTcp);
  EXPECT_EQ(found.sockets, std::vector<size_t>{3});
}

TEST_F(LifecycleModelTest, LinksOutliveTheirNetnsWithoutEffect) {
  serve(3, "127.0.0.1:7007", 1);
  make({.kind = Kind::kAttach, .netns = 1, .link = 0, .program = 1});
  make({.kind = Kind::kExitNetns, .netns = 1});
  EXPECT_FALSE(model_.possible({.kind = Kind::kLookUp, .netns = 1}));
  EXPECT_FALSE(model_.possible({.kind = Kind::kCloseSocket, .socket = 3}));
  EXPECT_EQ(make({.kind = Kind::kLinkInfo, .link = 0}).result.count, 0U);
  EXPECT_EQ(error_of({.kind = Kind::kUpdate, .link = 0, .program = 0}), -ENOLINK);
  EXPECT_EQ(error_of({.kind = Kind::kDetach, .link = 0}), 0);
  make({.kind = Kind::kOpenNetns, .netns = 1});
  EXPECT_EQ(make({.kind = Kind::kQuery, .netns = 1, .room = 64}).result.count, 0U);
}

TEST_F(LifecycleModelTest, AConnectionIsAcceptedByWhoeverListens) {
  Operation connect{.kind = Kind::kEstablish, .socket = 9};
  connect.packet = {Protocol::kTcp, *parse_endpoint("127.0.0.9:40000"),
                    *parse_endpoint("127.0.0.1:7007")};
  EXPECT_EQ(error_of(connect), -ECONNREFUSED);
  serve(3, "0.0.0.0:7007", 0, Protocol::kTcp);
  EXPECT_EQ(make(connect).sockets, std::vector<size_t>{3});
  // Twice the same connection there is not.
  connect.socket = 10;
  EXPECT_FALSE(model_.possible(connect));
  const auto found = look_up("127.0.0.9:40000", "127.0.0.1:7007", 0, Protocol::kTcp);
  EXPECT_EQ(found.sockets, std::vector<size_t>{9});
}

}  // namespace
}  // namespace sklab
