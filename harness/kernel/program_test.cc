// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/program.h"

#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <optional>
#include <set>

#include "bpf/abi.h"
#include "harness/kernel/bpf_stats.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/skeleton.h"
#include "scripted_bpf.skel.h"

namespace sklab {
namespace {

// One run of a sk_lookup program for an IPv4 packet; its return code.
uint32_t run_once(const Program &program) {
  bpf_sk_lookup context{};
  context.family = AF_INET;
  LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &context, .ctx_size_in = sizeof(context),
              .repeat = 1);
  EXPECT_EQ(bpf_prog_test_run_opts(program.fd(), &options), 0);
  return options.retval;
}

class ProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    auto object = Skeleton<scripted_bpf>::open_and_load("scripted");
    ASSERT_TRUE(object) << object.error().message();
    object_.emplace(std::move(*object));
    auto scripts = MappedArray<sklab_script>::map((*object_)->maps.scripts);
    ASSERT_TRUE(scripts) << scripts.error().message();
    scripts_.emplace(std::move(*scripts));
    auto runs = MappedArray<sklab_run>::map((*object_)->maps.runs);
    ASSERT_TRUE(runs) << runs.error().message();
    runs_.emplace(std::move(*runs));
  }

  Result<Program> copy(std::optional<ImmediatePatch> patch = std::nullopt) {
    return Program::copy_of((*object_)->progs.scripted, patch);
  }
  Program copy_at(int32_t position) {
    return std::move(*copy(ImmediatePatch{SKLAB_POSITION_MARKER, position}));
  }

  std::optional<Skeleton<scripted_bpf>> object_;
  std::optional<MappedArray<sklab_script>> scripts_;
  std::optional<MappedArray<sklab_run>> runs_;
};

TEST_F(ProgramTest, EveryCopyHasAnIdOfItsOwn) {
  std::vector<Program> programs;
  std::set<uint32_t> ids = {*program_id(bpf_program__fd((*object_)->progs.scripted))};
  for (int32_t i = 0; i < 64; ++i) {
    programs.push_back(copy_at(i));
    ids.insert(*program_id(programs.back().fd()));
  }
  EXPECT_EQ(ids.size(), 65U);
}

TEST_F(ProgramTest, EveryCopyHasARunCountOfItsOwn) {
  const auto stats = BpfStats::enable();
  ASSERT_TRUE(stats) << stats.error().message();
  const Program idle = copy_at(0);
  const Program once = copy_at(0);
  const Program often = copy_at(0);
  run_once(once);
  for (int i = 0; i < 5; ++i) run_once(often);
  EXPECT_EQ(*run_count(idle.fd()), 0U);
  EXPECT_EQ(*run_count(once.fd()), 1U);
  EXPECT_EQ(*run_count(often.fd()), 5U);
}

// The value is in the code, the maps are shared: each copy finds its own script.
TEST_F(ProgramTest, APatchReplacesTheMarker) {
  std::vector<Program> programs;
  for (int32_t i = 0; i < 64; ++i) {
    programs.push_back(copy_at(i));
    (*scripts_)[static_cast<size_t>(i)].return_code = i % 3 == 0 ? SK_DROP : SK_PASS;
    (*runs_)[static_cast<size_t>(i)].script = static_cast<uint32_t>(i);
  }
  for (size_t i = 0; i < programs.size(); ++i) {
    EXPECT_EQ(run_once(programs[i]), i % 3 == 0 ? SK_DROP : SK_PASS) << i;
    EXPECT_EQ((*runs_)[i].count, 1U) << i;
  }
}

TEST_F(ProgramTest, WithoutAPatchTheMarkerStays) {
  const auto unpatched = copy();
  ASSERT_TRUE(unpatched) << unpatched.error().message();
  // The marker is beyond the runs: such a program passes, and runs no script.
  EXPECT_EQ(run_once(*unpatched), SK_PASS);
  for (const sklab_run &run : runs_->all()) EXPECT_EQ(run.count, 0U);
}

// An immediate that several moves of the program have.
std::optional<int32_t> repeated_immediate(const bpf_program *program) {
  const bpf_insn *first = bpf_program__insns(program);
  std::set<int32_t> seen;
  for (size_t i = 0; i < bpf_program__insn_cnt(program); ++i) {
    if (first[i].code != (BPF_ALU64 | BPF_MOV | BPF_K)) continue;
    if (!seen.insert(first[i].imm).second) return first[i].imm;
  }
  return std::nullopt;
}

TEST_F(ProgramTest, AMarkerMustOccurExactlyOnce) {
  const auto repeated = repeated_immediate((*object_)->progs.scripted);
  ASSERT_TRUE(repeated) << "every immediate of the program occurs once: take another program";
  for (const int32_t marker : {0x7eadbeef, *repeated}) {
    const auto refused = copy(ImmediatePatch{marker, 0});
    ASSERT_FALSE(refused) << marker;
    EXPECT_EQ(refused.error().error_number, 0) << refused.error().message();
    EXPECT_THAT(refused.error().message(), testing::HasSubstr("marker"));
  }
}

}  // namespace
}  // namespace sklab
