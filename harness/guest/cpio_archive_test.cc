// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/cpio_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <vector>

namespace sklab {
namespace {

using testing::ElementsAre;

// Of the header, in their order.
enum CpioField {
  kInode,
  kMode,
  kUid,
  kGid,
  kLinks,
  kTime,
  kSize,
  kMajor,
  kMinor,
  kDeviceMajor,
  kDeviceMinor,
  kNameSize,
  kCheck,
  kCpioFields
};

struct CpioEntry {
  std::array<uint32_t, kCpioFields> fields{};
  std::string name;
  std::string content;
};

// As the kernel takes an archive apart (init/initramfs.c), but it forgives nothing.
class CpioReader {
 public:
  explicit CpioReader(std::string_view bytes) : bytes_(bytes) {}

  // Up to the end marker, which has to be there, and nothing behind it.
  std::vector<CpioEntry> read() {
    std::vector<CpioEntry> entries;
    for (;;) {
      EXPECT_EQ(at_ % 4, 0U);
      EXPECT_EQ(take(6), "070701");
      CpioEntry entry;
      for (uint32_t &field : entry.fields) field = number();
      entry.name = take(entry.fields[kNameSize]);
      EXPECT_EQ(entry.name.find('\0'), entry.name.size() - 1);
      entry.name.resize(entry.name.find('\0'));
      skip_padding();
      entry.content = take(entry.fields[kSize]);
      skip_padding();
      if (testing::Test::HasFailure()) return entries;
      if (entry.name == "TRAILER!!!") {
        EXPECT_EQ(at_, bytes_.size());
        EXPECT_EQ(entry.fields[kSize], 0U);
        return entries;
      }
      entries.push_back(std::move(entry));
    }
  }

 private:
  std::string take(size_t size) {
    EXPECT_LE(at_ + size, bytes_.size()) << "truncated";
    std::string taken(bytes_.substr(std::min(at_, bytes_.size()), size));
    at_ += size;
    return taken;
  }
  uint32_t number() {
    const std::string digits = take(8);
    uint32_t value = 0;
    const auto end = digits.data() + digits.size();
    EXPECT_EQ(std::from_chars(digits.data(), end, value, 16).ptr, end) << digits;
    return value;
  }
  void skip_padding() {
    const size_t size = (4 - at_ % 4) % 4;
    EXPECT_EQ(take(size), std::string(size, '\0'));
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

std::vector<CpioEntry> read_back(const CpioArchive &archive) {
  const std::string bytes = archive.finish();
  return CpioReader(bytes).read();
}

std::vector<std::string> names_in(const CpioArchive &archive) {
  std::vector<std::string> names;
  for (const CpioEntry &entry : read_back(archive)) names.push_back(entry.name);
  return names;
}

TEST(CpioArchive, WithoutFilesIsAnEndMarker) {
  EXPECT_THAT(names_in(CpioArchive()), ElementsAre());
}

TEST(CpioArchive, EveryFieldIsWhatTheKernelIsToMake) {
  CpioArchive archive;
  archive.add_folder("/dev");
  archive.add_character_device("/dev/console", 5, 257);
  archive.add_file("/init", "#!x", true);
  archive.add_file("/plan", "");
  const auto entries = read_back(archive);
  ASSERT_EQ(entries.size(), 4U);
  using Fields = std::array<uint32_t, kCpioFields>;
  EXPECT_EQ(entries[0].fields, (Fields{1, S_IFDIR | 0755, 0, 0, 2, 0, 0, 0, 0, 0, 0, 4, 0}));
  EXPECT_EQ(entries[1].fields, (Fields{2, S_IFCHR | 0600, 0, 0, 1, 0, 0, 0, 0, 5, 257, 12, 0}));
  EXPECT_EQ(entries[2].fields, (Fields{3, S_IFREG | 0755, 0, 0, 1, 0, 3, 0, 0, 0, 0, 5, 0}));
  EXPECT_EQ(entries[3].fields, (Fields{4, S_IFREG | 0644, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 0}));
  EXPECT_EQ(entries[2].name, "init");
  EXPECT_EQ(entries[2].content, "#!x");
}

TEST(CpioArchive, NamesAndContentsOfAnyLengthAreReadBack) {
  CpioArchive archive;
  std::vector<std::pair<std::string, std::string>> files;
  for (size_t name = 1; name <= 9; ++name) {
    for (size_t size = 0; size <= 9; ++size) {
      // Other bytes than padding, and padding itself.
      files.emplace_back(std::string(name, 'n') + std::to_string(size),
                         std::string(size, size % 2 == 0 ? '\xff' : '\0'));
      archive.add_file("/" + files.back().first, files.back().second);
    }
  }
  const auto entries = read_back(archive);
  ASSERT_EQ(entries.size(), files.size());
  for (size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(entries[i].name, files[i].first);
    EXPECT_EQ(entries[i].content, files[i].second);
  }
}

TEST(CpioArchive, InodesAreDifferent) {
  CpioArchive archive;
  archive.add_file("/a/b/c", "");
  archive.add_folder("/d");
  std::set<uint32_t> inodes;
  for (const CpioEntry &entry : read_back(archive)) inodes.insert(entry.fields[kInode]);
  EXPECT_EQ(inodes.size(), 4U);
}

TEST(CpioArchive, FoldersAreMadeOnceAndBeforeWhatIsInThem) {
  CpioArchive archive;
  archive.add_file("/a/b/c/file", "");
  archive.add_folder("/a/b");
  archive.add_file("/a/b/other", "");
  archive.add_folder("/a/b/c");
  archive.add_folder("/");
  archive.add_character_device("/d/null", 1, 3);
  EXPECT_THAT(names_in(archive),
              ElementsAre("a", "a/b", "a/b/c", "a/b/c/file", "a/b/other", "d", "d/null"));
}

TEST(CpioArchive, ASlashAtTheEndMakesNoOtherFolder) {
  CpioArchive archive;
  archive.add_folder("/tmp/");
  archive.add_folder("/tmp");
  archive.add_file("/tmp/x", "");
  EXPECT_THAT(names_in(archive), ElementsAre("tmp", "tmp/x"));
}

TEST(CpioArchive, TheSameCallsMakeTheSameBytes) {
  const auto make = [] {
    CpioArchive archive;
    archive.add_file("/a/b", "content", true);
    archive.add_character_device("/c", 1, 2);
    return archive;
  };
  const CpioArchive archive = make();
  EXPECT_EQ(archive.finish(), make().finish());
  EXPECT_EQ(archive.finish(), archive.finish());
}

}  // namespace
}  // namespace sklab
