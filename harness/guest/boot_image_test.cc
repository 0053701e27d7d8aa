// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/boot_image.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sklab {
namespace {

using testing::HasSubstr;

constexpr size_t kSector = 512;
constexpr uint32_t kParagraphs = 3;
constexpr size_t kParagraphBytes = 16;
constexpr std::string_view kDescription = "6.12.1-made-up (builder@host) #1 SMP";
constexpr size_t kDescriptionOffset = 0x300;

// A header and nothing that would run. `sectors` is the byte that says how many are for setup.
struct MadeUpImage {
  uint8_t sectors = 1;
  uint16_t version_pointer = kDescriptionOffset - kSector;
  uint16_t protocol = 0x020f;

  [[nodiscard]] size_t size() const {
    return (sectors == 0 ? 5 : sectors + 1) * kSector + kParagraphs * kParagraphBytes;
  }
  [[nodiscard]] std::vector<char> bytes() const {
    std::vector<char> image(std::max<size_t>(size(), 1024), '\x01');
    const auto put = [&](size_t offset, std::string_view text) {
      std::copy(text.begin(), text.end(), image.begin() + static_cast<ptrdiff_t>(offset));
    };
    const auto put_number = [&](size_t offset, uint32_t value, size_t size) {
      for (size_t i = 0; i < size; ++i) image[offset + i] = static_cast<char>(value >> 8 * i);
    };
    put_number(0x1f1, sectors, 1);
    put_number(0x1f4, kParagraphs, 4);
    put(0x202, "HdrS");
    put_number(0x206, protocol, 2);
    put_number(0x20e, version_pointer, 2);
    put(kDescriptionOffset, kDescription);
    put_number(kDescriptionOffset + kDescription.size(), 0, 1);
    return image;
  }
};

// Of bytes that end where their memory does, so that a sanitizer sees what is read behind them.
Result<BootImage> inspect(const std::vector<char> &bytes) {
  const std::vector<char> exact(bytes);
  return inspect_boot_image(std::string_view(exact.data(), exact.size()), "made-up");
}

std::string refusal(const std::vector<char> &bytes) {
  const auto image = inspect(bytes);
  if (image) return "";
  EXPECT_EQ(image.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(image.error().object, "made-up");
  return image.error().hint;
}

TEST(BootImage, SaysWhichKernelItIs) {
  const auto image = inspect(MadeUpImage().bytes());
  ASSERT_TRUE(image) << image.error().message();
  EXPECT_EQ(image->release, "6.12.1-made-up");
  EXPECT_EQ(image->version, kDescription);
}

TEST(BootImage, WithAByteLessIsTruncatedWhateverTheSetupSectors) {
  for (unsigned sectors = 0; sectors < 256; ++sectors) {
    MadeUpImage image;
    image.sectors = static_cast<uint8_t>(sectors);
    std::vector<char> bytes = image.bytes();
    EXPECT_EQ(refusal(bytes), "") << sectors;
    bytes.resize(image.size() - 1);
    EXPECT_THAT(refusal(bytes), HasSubstr("truncated")) << sectors;
  }
}

TEST(BootImage, EveryPartOfOneIsRefused) {
  const MadeUpImage image;
  std::vector<char> bytes = image.bytes();
  bytes.resize(image.size());
  while (!bytes.empty()) {
    bytes.pop_back();
    EXPECT_NE(refusal(bytes), "") << bytes.size();
  }
}

TEST(BootImage, WhatIsNoneIsRefusedWithAWordOnWhatIsWanted) {
  const std::vector<char> zeros(4096, '\0');
  EXPECT_THAT(refusal(zeros), HasSubstr("no bzImage"));
  std::vector<char> elf = zeros;
  const std::string_view magic = "\x7f\x45LF";
  std::copy(magic.begin(), magic.end(), elf.begin());
  EXPECT_THAT(refusal(elf), HasSubstr("bzImage of the same build"));
  elf.resize(magic.size());
  EXPECT_THAT(refusal(elf), HasSubstr("bzImage of the same build"));
  MadeUpImage old;
  old.protocol = 0x01ff;
  EXPECT_THAT(refusal(old.bytes()), HasSubstr("no bzImage"));
}

TEST(BootImage, EveryByteOfTheMagicIsLookedAt) {
  for (size_t i = 0; i < 4; ++i) {
    std::vector<char> bytes = MadeUpImage().bytes();
    bytes[0x202 + i] ^= 1;
    EXPECT_NE(refusal(bytes), "") << i;
  }
}

TEST(BootImage, WithoutADescriptionOfItselfHasNone) {
  MadeUpImage image;
  image.version_pointer = 0;
  const auto inspected = inspect(image.bytes());
  ASSERT_TRUE(inspected);
  EXPECT_EQ(inspected->version, "");
  EXPECT_EQ(inspected->release, "");
}

TEST(BootImage, ReadsADescriptionOnlyWithinTheImage) {
  MadeUpImage image;
  const auto bytes = [&] {
    std::vector<char> exact = image.bytes();
    exact.resize(image.size());
    return exact;
  };
  const size_t size = image.size();
  for (unsigned pointer = 1; pointer < 0x10000;
       pointer = pointer < 1200 ? pointer + 1 : pointer * 2) {
    image.version_pointer = static_cast<uint16_t>(pointer);
    const auto inspected = inspect(bytes());
    ASSERT_TRUE(inspected);
    const size_t offset = pointer + kSector;
    EXPECT_LE(inspected->version.size(), offset < size ? size - offset : 0) << pointer;
    EXPECT_LE(inspected->version.size(), kSector);
  }
  image.version_pointer = static_cast<uint16_t>(size - 1 - kSector);
  EXPECT_EQ(inspect(bytes())->version, "\x01");
  image.version_pointer = static_cast<uint16_t>(size - kSector);
  EXPECT_EQ(inspect(bytes())->version, "");
}

TEST(BootImage, AnyHeaderIsReadWithinTheImage) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::vector<char> bytes = MadeUpImage().bytes();
    bytes.resize(random() % 2048);
    for (int changes = 0; changes < 20 && !bytes.empty(); ++changes) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const auto image = inspect(bytes);
    EXPECT_TRUE(!image || image->version.starts_with(image->release));
  }
}

TEST(BootImage, AFileThatIsNotThereIsAnErrorThatNamesIt) {
  const auto image = inspect_boot_image(std::filesystem::path("/nowhere/bzImage"));
  ASSERT_FALSE(image);
  EXPECT_THAT(image.error().message(), HasSubstr("/nowhere/bzImage"));
}

}  // namespace
}  // namespace sklab
