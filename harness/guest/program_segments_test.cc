// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/program_segments.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/child_process.h"
#include "harness/base/file.h"
#include "harness/guest/initramfs.h"

namespace sklab {
namespace {

TEST(LoadablePart, OfAProgramRunsAndIsNoLonger) {
  const std::string program = "/bin/true";
  const auto whole = read_file(program);
  ASSERT_TRUE(whole);
  const auto part = loadable_part(*whole, program);
  ASSERT_TRUE(part) << part.error().message();
  EXPECT_LE(part->size(), whole->size());
  const std::string path = ::testing::TempDir() + "/part_" + std::to_string(::getpid());
  ASSERT_TRUE(write_file_atomically(path, *part));
  ASSERT_EQ(::chmod(path.c_str(), 0700), 0);
  EXPECT_TRUE(output_of({{path}, {}, -1}, 10));
  ::unlink(path.c_str());
  // Once more there is nothing left to leave out.
  EXPECT_EQ(loadable_part(*part, program).value(), *part);
}

TEST(LoadablePart, LeavesOutWhatIsForDebuggers) {
  const auto whole = read_file(own_program());
  ASSERT_TRUE(whole);
  const auto part = loadable_part(*whole, "this");
  ASSERT_TRUE(part);
  EXPECT_LT(part->size(), whole->size());
  EXPECT_EQ(segments_of(*part, "this").value().size(), segments_of(*whole, "this").value().size());
}

TEST(LoadablePart, OfNoProgramIsAnError) {
  EXPECT_EQ(loadable_part("#!/bin/sh\n", "script").error().kind, ErrorKind::kUsage);
  EXPECT_EQ(loadable_part("", "nothing").error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace sklab
