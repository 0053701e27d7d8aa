// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/shared_libraries.h"

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "harness/guest/initramfs.h"

namespace sklab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kLoader = "/lib64/made-up.so.2";

// A header, program headers of which the last may ask for the loader, and the loader's path.
struct MadeUpProgram {
  Elf64_Ehdr header{};
  std::vector<Elf64_Phdr> segments;

  explicit MadeUpProgram(uint32_t last_type = PT_INTERP) : segments(3) {
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_machine = EM_X86_64;
    header.e_type = ET_DYN;
    header.e_phoff = sizeof(header);
    header.e_phnum = static_cast<uint16_t>(segments.size());
    header.e_phentsize = sizeof(Elf64_Phdr);
    segments.back().p_type = last_type;
    segments.back().p_offset = sizeof(header) + segments.size() * sizeof(Elf64_Phdr);
    segments.back().p_filesz = kLoader.size() + 1;
  }
  [[nodiscard]] std::string bytes() const {
    std::string bytes(reinterpret_cast<const char *>(&header), sizeof(header));
    bytes.append(reinterpret_cast<const char *>(segments.data()),
                 segments.size() * sizeof(Elf64_Phdr));
    return bytes.append(kLoader).append(1, '\0');
  }
};

// "no program" for an error.
std::string loader_in(std::string_view bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  const auto loader = loader_of(std::string_view(exact.data(), exact.size()), "made-up");
  if (loader) return *loader;
  EXPECT_EQ(loader.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(loader.error().object, "made-up");
  return "no program";
}

TEST(LoaderOf, IsWhatTheProgramHeaderAsksFor) {
  EXPECT_EQ(loader_in(MadeUpProgram().bytes()), kLoader);
  EXPECT_EQ(loader_in(MadeUpProgram(PT_LOAD).bytes()), "");
}

TEST(LoaderOf, NoPartOfAProgramIsTakenForAStaticOne) {
  const std::string whole = MadeUpProgram().bytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(loader_in(whole.substr(0, size)), "no program") << size;
  }
}

TEST(LoaderOf, OtherMachinesAndFormatsAreRefused) {
  MadeUpProgram arm;
  arm.header.e_machine = EM_AARCH64;
  EXPECT_EQ(loader_in(arm.bytes()), "no program");
  MadeUpProgram object;
  object.header.e_type = ET_REL;
  EXPECT_EQ(loader_in(object.bytes()), "no program");
  MadeUpProgram narrow;
  narrow.header.e_ident[EI_CLASS] = ELFCLASS32;
  EXPECT_EQ(loader_in(narrow.bytes()), "no program");
  for (size_t i = 0; i < SELFMAG; ++i) {
    MadeUpProgram other;
    other.header.e_ident[i] ^= 1;
    EXPECT_EQ(loader_in(other.bytes()), "no program");
  }
  EXPECT_EQ(loader_in("#!/bin/sh\n"), "no program");
}

TEST(LoaderOf, OffsetsBeyondTheEndAreRefused) {
  for (const uint64_t offset : {uint64_t{1} << 20U, uint64_t{1} << 63U, UINT64_MAX}) {
    MadeUpProgram headers;
    headers.header.e_phoff = offset;
    EXPECT_EQ(loader_in(headers.bytes()), "no program");
    MadeUpProgram text;
    text.segments.back().p_offset = offset;
    EXPECT_EQ(loader_in(text.bytes()), "no program");
    MadeUpProgram length;
    length.segments.back().p_filesz = offset;
    EXPECT_EQ(loader_in(length.bytes()), "no program");
  }
}

TEST(LoaderOf, AnyHeaderIsReadWithinTheFile) {
  std::mt19937_64 random(1);
  const std::string whole = MadeUpProgram().bytes();
  for (int i = 0; i < 5000; ++i) {
    std::string bytes = whole;
    for (int changes = 0; changes < 4; ++changes) {
      bytes[SELFMAG + random() % (bytes.size() - SELFMAG)] = static_cast<char>(random());
    }
    EXPECT_LE(loader_in(bytes).size(), bytes.size());
  }
}

TEST(LibraryList, IsOfPathsAsTheLoaderFindsThem) {
  const auto paths = parse_library_list(
      "\tlinux-vdso.so.1 (0x00007ffd4b5f2000)\n"
      "\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f1c2a400000)\n"
      "\tlibmine.so => /opt/my libraries/libmine.so (0x00007f1c2a300000)\n"
      "\n"
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f1c2a83f000)");
  ASSERT_TRUE(paths) << paths.error().message();
  EXPECT_THAT(*paths, ElementsAre("/lib/x86_64-linux-gnu/libz.so.1", "/opt/my libraries/libmine.so",
                                  "/lib64/ld-linux-x86-64.so.2"));
}

TEST(LibraryList, OfNothingIsEmpty) {
  EXPECT_THAT(parse_library_list("").value(), ElementsAre());
  EXPECT_THAT(parse_library_list("\n\n").value(), ElementsAre());
  EXPECT_THAT(parse_library_list("\tstatically linked\n").value(), ElementsAre());
}

TEST(LibraryList, NamesALibraryThatIsNotThere) {
  const auto paths = parse_library_list(
      "\tlibz.so.1 => /lib/libz.so.1 (0x00007f1c2a400000)\n\tlibgone.so.3 => not found\n");
  ASSERT_FALSE(paths);
  EXPECT_EQ(paths.error().object, "libgone.so.3 => not found");
}

TEST(SharedLibraries, OfThisProgramAreFilesThatAreThere) {
  const auto paths = shared_libraries_of(own_program());
  ASSERT_TRUE(paths) << paths.error().message();
  EXPECT_THAT(*paths, Contains(HasSubstr("libc.so.6")));
  EXPECT_THAT(paths->back(), HasSubstr("ld-linux"));
  for (const std::string &path : *paths) EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST(SharedLibraries, OfWhatIsNoProgramAreAnError) {
  const auto paths = shared_libraries_of("/proc/self/status");
  ASSERT_FALSE(paths);
  EXPECT_EQ(paths.error().kind, ErrorKind::kUsage);
  EXPECT_FALSE(shared_libraries_of("/nowhere/program"));
}

}  // namespace
}  // namespace sklab
