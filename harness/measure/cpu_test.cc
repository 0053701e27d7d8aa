// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/cpu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <cstdlib>
#include <limits>
#include <thread>

#include "harness/base/file.h"

namespace sklab {
namespace {

using testing::ElementsAre;

// A directory like /sys/devices/system/cpu.
class FakeSysfs : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "sklab_cpu_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void write(const std::string &file, const std::string &content) {
    std::filesystem::create_directories((root_ / file).parent_path());
    ASSERT_TRUE(write_file_atomically(root_ / file, content + "\n").has_value());
  }

  void add_cache(int index, const std::string &level, const std::string &type,
                 const std::string &size) {
    const std::string directory = "cpu0/cache/index" + std::to_string(index) + "/";
    write(directory + "level", level);
    write(directory + "type", type);
    if (!size.empty()) write(directory + "size", size);
  }

  std::filesystem::path root_;
};

TEST_F(FakeSysfs, ThreadsOfACore) {
  write("cpu3/topology/thread_siblings_list", "0-1,3,8-10");
  EXPECT_THAT(core_threads(3, root_), ElementsAre(0, 1, 3, 8, 9, 10));
  write("cpu4/topology/thread_siblings_list", "4");
  EXPECT_THAT(core_threads(4, root_), ElementsAre(4));
  write("cpu5/topology/thread_siblings_list", "5-,x");
  EXPECT_TRUE(core_threads(5, root_).empty());
  EXPECT_TRUE(core_threads(6, root_).empty()) << "there is no such file";
}

TEST_F(FakeSysfs, CachesOfAServer) {
  add_cache(0, "1", "Data", "48K");
  add_cache(1, "1", "Instruction", "32K");
  add_cache(2, "2", "Unified", "2048K");
  add_cache(3, "3", "Unified", "36864K");
  EXPECT_EQ(level2_cache_bytes(root_), 2048U << 10U);
  EXPECT_EQ(last_level_cache_bytes(root_), 36864U << 10U);
}

TEST_F(FakeSysfs, LastLevelIsTheHighestWhateverTheOrderAndSize) {
  add_cache(0, "3", "Unified", "1M");
  add_cache(1, "2", "Unified", "2M");
  add_cache(2, "1", "Data", "32K");
  EXPECT_EQ(last_level_cache_bytes(root_), 1U << 20U);
  EXPECT_EQ(level2_cache_bytes(root_), 2U << 20U);
}

TEST_F(FakeSysfs, InstructionCachesDoNotCount) {
  add_cache(0, "1", "Data", "16K");
  add_cache(1, "2", "Instruction", "64K");
  EXPECT_EQ(level2_cache_bytes(root_), 0U);
  EXPECT_EQ(last_level_cache_bytes(root_), 16U << 10U);
}

TEST_F(FakeSysfs, UnknownCachesAreZero) {
  EXPECT_EQ(last_level_cache_bytes(root_), 0U);
  EXPECT_EQ(level2_cache_bytes(root_), 0U);
  for (const char *size : {"", "K", "-1K", "12X", "12KK", "unknown"}) {
    add_cache(0, "2", "Unified", size);
    EXPECT_EQ(level2_cache_bytes(root_), 0U) << size;
  }
}

TEST_F(FakeSysfs, EverySizeUnit) {
  const std::pair<const char *, size_t> cases[] = {
      {"512", 512}, {"512K", 512U << 10U}, {"512M", 512U << 20U}, {"2G", size_t{2} << 30U}};
  for (const auto &[text, bytes] : cases) {
    add_cache(0, "2", "Unified", text);
    EXPECT_EQ(level2_cache_bytes(root_), bytes) << text;
  }
}

TEST(AllowedCpus, AreThoseTheSchedulerUses) {
  const auto cpus = allowed_cpus();
  ASSERT_TRUE(cpus.has_value());
  EXPECT_THAT(*cpus, testing::Contains(static_cast<unsigned>(::sched_getcpu())));
  EXPECT_TRUE(std::is_sorted(cpus->begin(), cpus->end()));
  EXPECT_LE(cpus->size(), static_cast<size_t>(std::thread::hardware_concurrency()));
}

TEST(PinThread, MovesThisThreadOnly) {
  const auto before = allowed_cpus();
  ASSERT_TRUE(before.has_value());
  for (const unsigned cpu : *before) {
    std::thread([cpu] {
      EXPECT_TRUE(pin_thread(cpu).has_value());
      EXPECT_EQ(::sched_getcpu(), static_cast<int>(cpu));
      EXPECT_THAT(allowed_cpus().value_or(std::vector<unsigned>{}), ElementsAre(cpu));
    }).join();
  }
  EXPECT_EQ(allowed_cpus().value_or(std::vector<unsigned>{}), *before);
}

TEST(PinThread, CpuThatDoesNotExistIsUnavailable) {
  for (const unsigned cpu : {65'000U, 65'536U, std::numeric_limits<unsigned>::max()}) {
    const Result<> pinned = pin_thread(cpu);
    ASSERT_FALSE(pinned.has_value()) << cpu;
    EXPECT_EQ(pinned.error().kind, ErrorKind::kUnavailable);
    EXPECT_THAT(pinned.error().message(), testing::HasSubstr(std::to_string(cpu)));
  }
}

TEST(RunFirst, IsForThisThreadOnly) {
  std::thread([] {
    const bool first = run_first();
    EXPECT_EQ(::sched_getscheduler(0), first ? SCHED_FIFO | SCHED_RESET_ON_FORK : SCHED_OTHER);
    std::thread([] { EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER); }).join();
  }).join();
  EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
}

}  // namespace
}  // namespace sklab
