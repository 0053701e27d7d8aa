// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <iterator>
#include <random>
#include <type_traits>

namespace sklab {
namespace {

static_assert(!std::is_copy_constructible_v<UniqueFd> && !std::is_copy_assignable_v<UniqueFd>);
static_assert(std::is_nothrow_move_constructible_v<UniqueFd>);
static_assert(!std::is_convertible_v<int, UniqueFd> && !std::is_convertible_v<UniqueFd, int>);

int open_null() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

size_t open_fds() {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                           std::filesystem::directory_iterator()));
}

TEST(UniqueFd, ClosesWhatItOwns) {
  const int fd = open_null();
  {
    const UniqueFd owner(fd);
    EXPECT_TRUE(owner.valid());
    EXPECT_EQ(owner.get(), fd);
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(UniqueFd, OwnsNothingAtFirst) {
  UniqueFd none;
  EXPECT_FALSE(none.valid());
  EXPECT_EQ(none.release(), -1);
  none.reset();
  EXPECT_FALSE(none.valid());
}

TEST(UniqueFd, DescriptorZeroIsValid) {
  UniqueFd zero(0);
  EXPECT_TRUE(zero.valid());
  EXPECT_EQ(zero.release(), 0);
}

// Closing twice hits whoever got the number in between.
TEST(UniqueFd, NeverClosesTwice) {
  int reused = -1;
  {
    UniqueFd owner(open_null());
    const int number = owner.get();
    owner.reset();
    reused = open_null();
    ASSERT_EQ(reused, number) << "the number was not used again, so this shows nothing";
    owner.reset();
    EXPECT_TRUE(is_open(reused));
  }
  EXPECT_TRUE(is_open(reused));
  ::close(reused);
}

TEST(UniqueFd, ReleaseHandsOver) {
  int fd = -1;
  {
    UniqueFd owner(open_null());
    fd = owner.release();
    EXPECT_FALSE(owner.valid());
  }
  EXPECT_TRUE(is_open(fd));
  ::close(fd);
}

TEST(UniqueFd, MoveLeavesOneOwner) {
  UniqueFd first(open_null());
  const int fd = first.get();
  UniqueFd second(std::move(first));  // which leaves `first` empty, not undefined
  EXPECT_FALSE(first.valid());  // NOLINT(bugprone-use-after-move,clang-analyzer-cplusplus.Move)
  EXPECT_EQ(second.get(), fd);

  UniqueFd third(open_null());
  const int replaced = third.get();
  third = std::move(second);
  EXPECT_EQ(third.get(), fd);
  EXPECT_FALSE(is_open(replaced));
  EXPECT_TRUE(is_open(fd));
}

TEST(UniqueFd, MoveToItselfKeepsIt) {
  UniqueFd owner(open_null());
  UniqueFd &same = owner;
  owner = std::move(same);
  EXPECT_TRUE(is_open(owner.get()));
}

TEST(UniqueFd, ResetTakesOverAnother) {
  UniqueFd owner(open_null());
  const int old = owner.get();
  const int fresh = open_null();
  owner.reset(fresh);
  EXPECT_FALSE(is_open(old));
  EXPECT_EQ(owner.get(), fresh);
}

TEST(UniqueFd, RandomUseNeitherLeaksNorClosesOthers) {
  std::mt19937_64 random(1);
  const size_t before = open_fds();
  {
    std::array<UniqueFd, 4> owners;
    for (int step = 0; step < 2000; ++step) {
      UniqueFd &a = owners[random() % owners.size()];
      UniqueFd &b = owners[random() % owners.size()];
      switch (random() % 4) {
        case 0:
          a = UniqueFd(open_null());
          break;
        case 1:
          a = std::move(b);
          break;
        case 2:
          a.reset(b.release());
          break;
        default:
          a.reset();
          break;
      }
      size_t owned = 0;
      for (const UniqueFd &owner : owners) {
        if (!owner.valid()) continue;
        ++owned;
        ASSERT_TRUE(is_open(owner.get())) << "step " << step;
      }
      ASSERT_EQ(open_fds(), before + owned) << "step " << step;
    }
  }
  EXPECT_EQ(open_fds(), before);
}

}  // namespace
}  // namespace sklab
