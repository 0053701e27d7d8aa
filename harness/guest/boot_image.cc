// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/boot_image.h"

#include <fmt/format.h>

#include <cstdint>

#include "harness/base/file.h"

namespace sklab {
namespace {

// Offsets of Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header".
constexpr size_t kSetupSectors = 0x1f1;
constexpr size_t kProtectedParagraphs = 0x1f4;
constexpr size_t kHeaderMagic = 0x202;
constexpr size_t kProtocolVersion = 0x206;
constexpr size_t kVersionPointer = 0x20e;
constexpr size_t kHeaderEnd = 0x268;
constexpr size_t kSectorBytes = 512;
constexpr uint16_t kFirstWithRelocation = 0x0200;

uint64_t little_endian(std::string_view bytes, size_t offset, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[offset + i])) << 8 * i;
  }
  return value;
}

tl::unexpected<Error> refuse(const std::string &name, std::string why) {
  return fail_as(ErrorKind::kUsage, "boot", name, 0, std::move(why));
}

std::string_view text_at(std::string_view bytes, size_t offset) {
  if (offset >= bytes.size()) return {};
  const std::string_view rest = bytes.substr(offset, kSectorBytes);
  return rest.substr(0, rest.find('\0'));
}

}  // namespace

Result<BootImage> inspect_boot_image(std::string_view bytes, const std::string &name) {
  if (bytes.size() < kHeaderEnd || bytes.substr(kHeaderMagic, 4) != "HdrS" ||
      little_endian(bytes, kProtocolVersion, 2) < kFirstWithRelocation) {
    const bool is_elf = bytes.substr(0, 4) ==
                        "\x7f"
                        "ELF";
    return refuse(name, is_elf ? "it is an ELF file; the bzImage of the same build is wanted"
                               : "it is no bzImage of an x86-64 kernel");
  }
  // A zero means four sectors, for history's sake.
  const uint64_t sectors = little_endian(bytes, kSetupSectors, 1);
  const uint64_t whole = ((sectors == 0 ? 4 : sectors) + 1) * kSectorBytes +
                         little_endian(bytes, kProtectedParagraphs, 4) * 16;
  if (bytes.size() < whole) {
    return refuse(name, fmt::format("it is truncated: {} of {} bytes", bytes.size(), whole));
  }
  const uint64_t pointer = little_endian(bytes, kVersionPointer, 2);
  const std::string_view version =
      pointer == 0 ? std::string_view() : text_at(bytes, pointer + kSectorBytes);
  return BootImage{std::string(version.substr(0, version.find(' '))), std::string(version)};
}

Result<BootImage> inspect_boot_image(const std::filesystem::path &path) {
  const auto bytes = read_file(path);
  if (bytes) return inspect_boot_image(*bytes, path.string());
  return fail_as(ErrorKind::kUsage, "boot", path.string(), bytes.error().error_number);
}

}  // namespace sklab
