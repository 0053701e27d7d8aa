// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/source_snapshots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/base/file.h"
#include "harness/base/temporary_folder.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class SourceSnapshotsTest : public testing::Test {
 protected:
  SourceSnapshotsTest() {
    write("Makefile", "all:\n");
    write("net/udp.c", "one\ntwo\nthree\n");
  }
  void write(const fs::path &path, const std::string &content) const {
    fs::create_directories((source() / path).parent_path());
    EXPECT_TRUE(write_file_atomically(source() / path, content));
  }
  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {"/usr/bin/git", "-c", "user.name=a", "-c", "user.email=b"});
    const auto output = output_of({arguments, {}, -1, false, source().string()}, 60);
    EXPECT_TRUE(output) << output.error().message();
  }
  SourceSnapshots snapshots() const { return std::move(*SourceSnapshots::open(folder_, {})); }
  // Takes the source as it is, and checks it out.
  void update() const {
    SourceSnapshots snapshots = this->snapshots();
    const auto tree = snapshots.take(source());
    ASSERT_TRUE(tree) << tree.error().message();
    const auto done = snapshots.check_out(*tree);
    ASSERT_TRUE(done) << done.error().message();
  }
  std::string copy(const fs::path &path) const {
    return read_file(folder_.source() / path).value_or("(none)");
  }
  timespec changed(const fs::path &path) const {
    struct stat status {};
    EXPECT_EQ(::stat((folder_.source() / path).c_str(), &status), 0);
    return status.st_mtim;
  }
  fs::path source() const { return root_.path() / "linux"; }

  TemporaryFolder root_ = *TemporaryFolder::create("sklab-snapshots");
  BuildFolder folder_ = *BuildFolder::open(root_.path() / "cache", "linux", "linux", {});
};

bool same(const timespec &a, const timespec &b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

TEST_F(SourceSnapshotsTest, OnlyWhatDiffersIsTouched) {
  update();
  EXPECT_EQ(copy("net/udp.c"), "one\ntwo\nthree\n");
  const timespec makefile = changed("Makefile");
  const timespec udp = changed("net/udp.c");
  write("net/udp.c", "four\n");
  write("net/tcp.c", "new\n");
  update();
  EXPECT_EQ(copy("net/udp.c"), "four\n");
  EXPECT_EQ(copy("net/tcp.c"), "new\n");
  EXPECT_TRUE(same(changed("Makefile"), makefile));
  EXPECT_FALSE(same(changed("net/udp.c"), udp));
  fs::remove(source() / "net/tcp.c");
  update();
  EXPECT_EQ(copy("net/tcp.c"), "(none)");
}

TEST_F(SourceSnapshotsTest, OfAGitTreeWhatGitDoesNotIgnore) {
  write(".gitignore", "*.o\nkept.o\n");
  write("kept.o", "a source, in spite of its name\n");
  git({"init", "--quiet"});
  git({"add", "--all"});
  git({"add", "--force", "kept.o"});
  git({"commit", "--quiet", "--message", "all"});
  write("net/udp.o", "an object");
  write(".config", "of a build in the tree");
  write("net/new.c", "not committed\n");
  update();
  EXPECT_EQ(copy("net/udp.o"), "(none)");
  EXPECT_EQ(copy("net/new.c"), "not committed\n");
  EXPECT_EQ(copy("kept.o"), "a source, in spite of its name\n");
  // What it borrowed from that repository may go.
  fs::remove_all(source() / ".git/objects");
  fs::remove_all(source() / ".git");
  fs::remove(source() / ".config");
  update();
  EXPECT_EQ(copy("net/udp.c"), "one\ntwo\nthree\n");
}

TEST_F(SourceSnapshotsTest, ATreeThatWasBuiltInIsRefusedWithoutGit) {
  write(".config", "");
  const auto tree = snapshots().take(source());
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(tree.error().message(), HasSubstr("mrproper"));
}

TEST_F(SourceSnapshotsTest, PatchesComeAndGo) {
  constexpr char kPatch[] =
      "--- a/net/udp.c\n+++ b/net/udp.c\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n";
  const fs::path patch = root_.path() / "two.patch";
  ASSERT_TRUE(write_file_atomically(patch, kPatch));
  SourceSnapshots snapshots = this->snapshots();
  const std::string tree = *snapshots.take(source());
  const auto patched = snapshots.apply(tree, {patch});
  ASSERT_TRUE(patched) << patched.error().message();
  ASSERT_TRUE(snapshots.check_out(*patched));
  EXPECT_EQ(copy("net/udp.c"), "one\n2\nthree\n");
  ASSERT_TRUE(snapshots.check_out(*snapshots.apply(tree, {})));
  EXPECT_EQ(copy("net/udp.c"), "one\ntwo\nthree\n");

  const auto twice = snapshots.apply(tree, {patch, patch});
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(twice.error().message(), HasSubstr("net/udp.c"));
  EXPECT_EQ(snapshots.apply(tree, {root_.path() / "none"}).error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace sklab
