// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "fuzz/target/random.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

constexpr std::string_view kMagic = "sklab journal 1\n";
// The first page names the format, slots follow.
constexpr size_t kFileBytes = (Journal::kSlots + 1) * Journal::kSlotBytes;

struct Slot {
  uint64_t checksum;  // of what follows, up to the end of the stored bytes
  uint64_t sequence;
  uint64_t size;
  uint64_t stored;  // bytes of `input`
  std::array<uint8_t, Journal::kMostInputBytes> input;

  [[nodiscard]] size_t used_bytes() const { return offsetof(Slot, input) + stored; }
  [[nodiscard]] uint64_t expected_checksum() const {
    const auto *bytes = reinterpret_cast<const uint8_t *>(this);
    return hash_bytes({bytes + sizeof(checksum), used_bytes() - sizeof(checksum)});
  }
};
static_assert(sizeof(Slot) == Journal::kSlotBytes);

off_t slot_offset(uint64_t sequence) {
  return static_cast<off_t>((sequence % Journal::kSlots + 1) * Journal::kSlotBytes);
}

Result<> write_at(int fd, const void *data, size_t size, off_t offset) {
  const auto *bytes = static_cast<const char *>(data);
  while (size > 0) {
    const ssize_t written = ::pwrite(fd, bytes, size, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail("write to the journal", {}, errno);
    bytes += written;
    offset += written;
    size -= static_cast<size_t>(written);
  }
  return Ok{};
}

// All of the file gets its blocks now: a later write then neither fails on a full disk nor waits
// for the file system to write down where the data went.
Result<> create_file(int fd) {
  std::string content(kMagic);
  content.resize(kFileBytes);
  SKLAB_CHECK(write_at(fd, content.data(), content.size(), 0));
  if (::fsync(fd) != 0) return fail("sync the journal", {}, errno);
  return Ok{};
}

std::vector<JournalEntry> entries_of(std::string_view content) {
  std::vector<JournalEntry> entries;
  for (size_t start = Journal::kSlotBytes; start + sizeof(Slot) <= content.size();
       start += Journal::kSlotBytes) {
    Slot slot;
    std::memcpy(&slot, content.data() + start, sizeof(slot));
    if (slot.sequence == 0 || slot.stored > slot.input.size()) continue;
    if (slot.checksum != slot.expected_checksum()) continue;
    entries.push_back({slot.sequence, slot.size,
                       std::string(slot.input.begin(), slot.input.begin() + slot.stored)});
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto &a, const auto &b) { return a.sequence < b.sequence; });
  return entries;
}

}  // namespace

Result<JournalSync> parse_journal_sync(std::string_view name) {
  if (name == "none") return JournalSync::kNone;
  if (name == "each") return JournalSync::kEach;
  if (name == "wait") return JournalSync::kWait;
  return fail_as(ErrorKind::kUsage, "sync a journal as", std::string(name), 0,
                 "there are none, each and wait");
}

Result<Journal> Journal::open(const std::filesystem::path &path, JournalSync sync) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) return fail("open journal", path.string(), errno);
  SKLAB_TRY(const std::string content, read_file(path));
  if (content.size() != kFileBytes || !content.starts_with(kMagic)) {
    auto created = create_file(fd.get());
    if (!created) created.error().object = path.string();
    SKLAB_CHECK(created);
  }
  const std::vector<JournalEntry> entries = entries_of(content);
  return Journal(std::move(fd), sync, entries.empty() ? 0 : entries.back().sequence);
}

Result<> Journal::add(std::span<const uint8_t> input) {
  Slot slot;
  slot.sequence = ++sequence_;
  slot.size = input.size();
  slot.stored = std::min(input.size(), slot.input.size());
  std::copy_n(input.begin(), slot.stored, slot.input.begin());
  slot.checksum = slot.expected_checksum();
  const off_t offset = slot_offset(slot.sequence);
  SKLAB_CHECK(write_at(fd_.get(), &slot, slot.used_bytes(), offset));
  // File systems that have no such call, overlays of memory for example, lose nothing by it.
  if (sync_ == JournalSync::kEach) {
    ::sync_file_range(fd_.get(), offset, kSlotBytes, SYNC_FILE_RANGE_WRITE);
  }
  if (sync_ == JournalSync::kWait && ::fdatasync(fd_.get()) != 0) {
    return fail("sync the journal", {}, errno);
  }
  return Ok{};
}

Result<std::vector<JournalEntry>> read_journal(const std::filesystem::path &path) {
  auto content = read_file(path);
  if (!content) {
    content.error().kind = ErrorKind::kUsage;
    return tl::unexpected(content.error());
  }
  if (!content->starts_with(kMagic)) {
    return fail_as(ErrorKind::kUsage, "read as a journal", path.string());
  }
  return entries_of(*content);
}

}  // namespace sklab
