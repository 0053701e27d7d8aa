// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/user_object.h"

#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "harness/kernel/netns.h"
#include "harness/kernel/program.h"
#include "harness/model/object_scenario_text.h"

namespace sklab {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kObjects = SKLAB_TEST_OBJECTS;
const std::string kAssortment = kObjects + "/assortment.bpf.o";

constexpr char kSockets[] =
    "object 1\nsocket web tcp4 127.0.0.1:80\nsocket dns udp4 127.0.0.1:53\n"
    "socket first udp4 127.0.0.1:54 reuseport=1\n";
constexpr char kAnyPacket[] = "packet udp4 127.0.0.9:4000 -> 127.0.0.1:53\n";

class UserObjectTest : public testing::Test {
 protected:
  void SetUp() override {
    auto netns = Netns::create();
    ASSERT_TRUE(netns) << netns.error().message();
    netns_.emplace(std::move(*netns));
  }

  // Lines are numbered from 5.
  Result<UserObject> open(const std::string &file_and_program, const std::string &lines = "") {
    ObjectSource source = object_source(file_and_program);
    SKLAB_TRY(source.scenario, parse_object_scenario(kSockets + lines + kAnyPacket));
    sockets_.reset();
    SKLAB_TRY(SocketSet sockets, SocketSet::create(*netns_, source.scenario.sockets));
    sockets_.emplace(std::move(sockets));
    return UserObject::create(source, *sockets_);
  }

  // One clear line, and nothing of libbpf's on stderr.
  void expect_refusal(const std::string &file_and_program, const std::string &lines,
                      const std::vector<std::string> &words) {
    testing::internal::CaptureStderr();
    const auto opened = open(file_and_program, lines);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    ASSERT_FALSE(opened) << file_and_program << "\n" << lines;
    const std::string message = opened.error().message();
    EXPECT_EQ(opened.error().kind, ErrorKind::kUsage) << message;
    EXPECT_THAT(message, Not(HasSubstr("\n")));
    EXPECT_THAT(message, Not(HasSubstr("Unknown error")));
    for (const std::string &word : words) EXPECT_THAT(message, HasSubstr(word));
  }

  std::optional<Netns> netns_;
  std::optional<SocketSet> sockets_;
};

// What the program returns for a packet to this port, and the cookie of the socket it selects.
std::pair<uint32_t, uint64_t> run_for_port(const UserObject &object, uint32_t port) {
  bpf_sk_lookup context{};
  bpf_sk_lookup out{};
  context.family = AF_INET;
  context.protocol = IPPROTO_UDP;
  context.local_port = port;
  LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_out = &out,
              .ctx_size_in = sizeof(context), .ctx_size_out = sizeof(out), .repeat = 1);
  EXPECT_EQ(bpf_prog_test_run_opts(object.fd(), &options), 0);
  return {options.retval, out.cookie};
}

TEST_F(UserObjectTest, SelectsSocketsThatTheScenarioPutIntoMaps) {
  for (const auto &[program, entry] :
       {std::pair{"drops_a_port", "entry wide_sockmap key u32:0 socket dns\n"},
        std::pair{"takes_from_sockhash", "entry narrow_sockhash key u16:1 socket dns\n"}}) {
    const auto object = open(kAssortment + ":" + program, entry);
    ASSERT_TRUE(object) << object.error().message();
    EXPECT_EQ(object->name(), program);
    const std::pair<uint32_t, uint64_t> dns = {SK_PASS, *sockets_->cookie(1)};
    EXPECT_EQ(run_for_port(*object, 1), dns);
  }
}

TEST_F(UserObjectTest, SetsVariablesAndValues) {
  const std::string lines =
      "entry cookies key u32:1 socket dns\nentry bytes key hex:01000000 value u8:2\n"
      "entry cpu_values key u32:1 value u32:3\nglobal dropped_port u32:4\nglobal initial u64:5\n"
      "global zero u32:6 u32:0\nglobal dropped_ports u16:8 u16:9\n"
      "entry group_array key u32:0 socket first\n";
  const auto object = open(kAssortment + ":reads_values", lines);
  ASSERT_TRUE(object) << object.error().message();
  EXPECT_EQ(run_for_port(*object, 1).first, SK_PASS);
  const auto without = open(kAssortment + ":reads_values");
  ASSERT_TRUE(without) << without.error().message();
  EXPECT_EQ(run_for_port(*without, 1).first, SK_DROP);
  const auto dropping = open(kAssortment + ":drops_a_port", lines);
  ASSERT_TRUE(dropping) << dropping.error().message();
  for (uint32_t port = 0; port < 20; ++port) {
    EXPECT_EQ(run_for_port(*dropping, port).first, port == 4 || port == 9 ? SK_DROP : SK_PASS);
  }
}

TEST_F(UserObjectTest, NeedsNeitherBtfNorTheSectionNameOfToday) {
  const auto object = open(kObjects + "/without_btf.bpf.o");
  ASSERT_TRUE(object) << object.error().message();
  EXPECT_EQ(run_for_port(*object, 9).first, SK_DROP);
}

TEST_F(UserObjectTest, PinsNothing) {
  ASSERT_TRUE(open(kAssortment + ":drops_a_port"));
  EXPECT_FALSE(std::filesystem::exists("/sys/fs/bpf/pinned_anywhere"));
}

TEST_F(UserObjectTest, RefusesFilesThatAreNoSuchObject) {
  const std::string text_file = testing::TempDir() + "/no_object." + std::to_string(::getpid());
  const std::string cut_file = text_file + ".cut";
  std::ofstream(text_file) << "no object at all";
  std::filesystem::copy_file(kAssortment, cut_file);
  std::filesystem::resize_file(cut_file, 700);
  expect_refusal("/no/such/file", "", {"/no/such/file", "No such file"});
  expect_refusal(testing::TempDir(), "", {testing::TempDir()});
  expect_refusal(text_file, "", {text_file, "ELF"});
  expect_refusal(cut_file, "", {cut_file});
  expect_refusal("/proc/self/exe", "", {"/proc/self/exe"});
  std::filesystem::remove(text_file);
  std::filesystem::remove(cut_file);
}

TEST_F(UserObjectTest, MapsNeedBtf) {
  expect_refusal(kObjects + "/maps_without_btf.bpf.o:alternates", "", {"BTF is required", "-g"});
}

TEST_F(UserObjectTest, RefusesAProgramThatIsNotThereOrNotTheOnlyOne) {
  expect_refusal(kObjects + "/packet_filter.bpf.o", "", {"sk_lookup program", "SEC("});
  expect_refusal(kObjects + "/packet_filter.bpf.o:packet_filter", "", {"sk_lookup program"});
  expect_refusal(kAssortment, "", {"FILE:PROGRAM", "drops_a_port, alternates", "refused"});
  expect_refusal(kAssortment + ":nothing", "", {"'nothing'", "drops_a_port, alternates"});
}

TEST_F(UserObjectTest, RepeatsWhatTheVerifierSays) {
  expect_refusal(kAssortment + ":refused", "",
                 {"program refused", "map_value_or_null", "SKLAB_LIBBPF_DEBUG=1"});
}

TEST_F(UserObjectTest, RefusesWhatDoesNotFit) {
  struct Misfit {
    const char *line;
    std::vector<std::string> words;
  };
  const std::vector<Misfit> misfits = {
      {"entry nothing key u32:0 socket web\n", {"nothing", "line 5", "wide_sockmap"}},
      {"entry wide_sockmap key u16:0 socket web\n", {"wide_sockmap", "4 bytes, not 2"}},
      {"entry wide_sockmap key u32:0 value u64:1\n", {"wide_sockmap", "socket NAME"}},
      {"entry wide_sockmap key u32:2 socket web\n", {"wide_sockmap", "2 entries", "too long"}},
      {"entry bytes key u32:0 value u32:1\n", {"bytes", "1 bytes, not 4"}},
      {"entry bytes key u32:0 socket web\n", {"bytes", "1 bytes, not 8", "cookie"}},
      {"entry cpu_values key u32:0 value u64:1\n", {"cpu_values", "4 bytes, not 8"}},
      {"entry cpu_values key u32:2 value u32:1\n", {"cpu_values", "2 entries"}},
      {"entry group_array key u32:0 socket web\n", {"group_array", "line 5", "the kernel refused"}},
      {"entry socket_storage key u32:0 value u32:1\n", {"socket_storage", "cannot be filled"}},
      {"global nothing u32:0\n", {"nothing", "line 5", "no such variable"}},
      {"global dropped_port u64:0\n", {"dropped_port", "4 bytes, not 8"}},
  };
  for (const Misfit &misfit : misfits) {
    expect_refusal(kAssortment + ":drops_a_port", misfit.line, misfit.words);
  }
  expect_refusal(kObjects + "/without_btf.bpf.o", "global a u32:0\n", {"no BTF", "-g"});
  expect_refusal(kObjects + "/without_btf.bpf.o", "entry a key u32:0 socket web\n", {"no maps"});
}

TEST(ObjectSource, AProgramFollowsTheLastColon) {
  const auto read = [](const std::string &text) {
    const ObjectSource source = object_source(text);
    return std::pair(source.path, source.program);
  };
  EXPECT_EQ(read("a.o"), std::pair(std::string("a.o"), std::string()));
  EXPECT_EQ(read("a.o:b_1"), std::pair(std::string("a.o"), std::string("b_1")));
  EXPECT_EQ(read("a:b/c.o"), std::pair(std::string("a:b/c.o"), std::string()));
  EXPECT_EQ(read("a:b:c"), std::pair(std::string("a:b"), std::string("c")));
  EXPECT_EQ(read("a.o:"), std::pair(std::string("a.o:"), std::string()));
  EXPECT_EQ(read("a.o:1"), std::pair(std::string("a.o:1"), std::string()));
}

}  // namespace
}  // namespace sklab
