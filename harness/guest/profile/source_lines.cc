// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/source_lines.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "harness/base/child_process.h"
#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/base/temporary_folder.h"

namespace sklab {
namespace {

constexpr double kLimitS = 300;
constexpr int kHexadecimal = 16;

std::optional<uint64_t> parse_address(std::string_view line) {
  constexpr std::string_view kPrefix = "0x";
  if (!line.starts_with(kPrefix)) return std::nullopt;
  line.remove_prefix(kPrefix.size());
  uint64_t address = 0;
  const char *const end = line.data() + line.size();
  const auto [rest, error] = std::from_chars(line.data(), end, address, kHexadecimal);
  if (error != std::errc() || rest != end) return std::nullopt;
  return address;
}

// sklab builds in a folder beside one called `source`; others build in the tree.
std::string from_the_top(std::string_view file) {
  constexpr std::string_view kSource = "/source/";
  const size_t top = file.rfind(kSource);
  if (top != std::string_view::npos) file.remove_prefix(top + kSource.size());
  return std::string(file);
}

// "FILE:LINE", or with " (discriminator 2)" after it; "??:?" and "FILE:?" are no line.
std::optional<CodeLine> parse_place(std::string_view place) {
  place = place.substr(0, place.find(" ("));
  const size_t colon = place.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  CodeLine line{from_the_top(place.substr(0, colon)), 0};
  const char *const end = place.data() + place.size();
  const auto [rest, error] = std::from_chars(place.data() + colon + 1, end, line.line);
  if (error != std::errc() || rest != end || line.line == 0) return std::nullopt;
  return line;
}

}  // namespace

CodeLines parse_source_lines(std::string_view text) {
  CodeLines lines;
  while (!text.empty()) {
    const auto address = parse_address(take_line(text));
    if (!address) continue;  // of a function that this one was inlined into
    take_line(text);         // the function's name
    if (auto line = parse_place(take_line(text))) lines[*address] = std::move(*line);
  }
  return lines;
}

Result<CodeLines> source_lines(const std::filesystem::path &vmlinux,
                               const std::vector<uint64_t> &addresses) {
  SKLAB_TRY(const std::string program, find_program("addr2line", "binutils"));
  SKLAB_TRY(const TemporaryFolder folder, TemporaryFolder::create("sklab-lines"));
  // Too many for a command line.
  std::string arguments;
  for (const uint64_t address : addresses) arguments += fmt::format("{:#x}\n", address);
  const std::filesystem::path file = folder.path() / "addresses";
  SKLAB_CHECK(write_file_atomically(file, arguments));
  SKLAB_TRY(const std::string text, output_of({{program, "--addresses", "--inlines", "--functions",
                                                "--exe", vmlinux.string(), "@" + file.string()},
                                               {}},
                                              kLimitS));
  return parse_source_lines(text);
}

}  // namespace sklab
