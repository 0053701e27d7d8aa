// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/profile.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/file.h"

namespace sklab {
namespace {

// Takes numbers from the front of a file's bytes.
class ProfileReader {
 public:
  ProfileReader(std::string_view bytes, const std::string &name) : rest_(bytes), name_(name) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  Result<ProfileRecord> record(uint64_t sequence);
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string &what) const {
    return fail("read profile", name_, 0, what);
  }

 private:
  Result<uint64_t> number();
  Result<InstructionCount> pair(const std::vector<InstructionCount> &before);
  Result<> checksum(std::string_view record);

  std::string_view rest_;
  const std::string &name_;
};

Result<uint64_t> ProfileReader::number() {
  constexpr unsigned kBits = 7;
  constexpr uint64_t kMore = 0x80;
  uint64_t number = 0;
  for (unsigned shift = 0; !rest_.empty(); shift += kBits) {
    const auto byte = static_cast<uint8_t>(rest_.front());
    const uint64_t bits = byte & (kMore - 1);
    if (shift >= 64 || (bits << shift) >> shift != bits) return damaged("a number is too large");
    rest_.remove_prefix(1);
    number |= bits << shift;
    if ((byte & kMore) == 0) return number;
  }
  return damaged("its last record is cut off");
}

Result<InstructionCount> ProfileReader::pair(const std::vector<InstructionCount> &before) {
  const uint64_t previous = before.empty() ? 0 : before.back().address;
  SKLAB_TRY(const uint64_t distance, number());
  SKLAB_TRY(const uint64_t count, number());
  const uint64_t address = previous + distance;
  if (address < previous || (distance == 0 && !before.empty()) || count == 0) {
    return damaged(fmt::format("an impossible pair after {:#x}", previous));
  }
  return InstructionCount{address, count};
}

Result<> ProfileReader::checksum(std::string_view record) {
  uint64_t sum = 0;
  if (rest_.size() < sizeof(sum)) return damaged("its last record is cut off");
  for (size_t i = sizeof(sum); i-- > 0;) sum = sum << 8U | static_cast<uint8_t>(rest_[i]);
  rest_.remove_prefix(sizeof(sum));
  if (sum != profile_checksum(record)) return damaged("a record has another checksum");
  return Ok{};
}

Result<ProfileRecord> ProfileReader::record(uint64_t sequence) {
  const std::string_view begin = rest_;
  ProfileRecord record;
  SKLAB_TRY(record.sequence, number());
  if (record.sequence != sequence) {
    return damaged(fmt::format("record {} where {} must be", record.sequence, sequence));
  }
  SKLAB_TRY(const uint64_t size, number());
  // A size that is damaged is noticed at the file's end, before it has taken all memory.
  for (uint64_t i = 0; i < size; ++i) {
    SKLAB_TRY(const InstructionCount next, pair(record.counts));
    record.counts.push_back(next);
  }
  SKLAB_CHECK(checksum(begin.substr(0, begin.size() - rest_.size())));
  return record;
}

}  // namespace

Result<std::vector<ProfileRecord>> parse_profile(std::string_view bytes, const std::string &name) {
  ProfileReader reader(bytes.substr(std::min(bytes.size(), kProfileMagic.size())), name);
  if (!bytes.starts_with(kProfileMagic)) return reader.damaged("it is no profile");
  std::vector<ProfileRecord> records;
  while (!reader.at_end()) {
    SKLAB_TRY(ProfileRecord record, reader.record(records.size() + 1));
    records.push_back(std::move(record));
  }
  return records;
}

Result<std::vector<ProfileRecord>> read_profile(const std::filesystem::path &path) {
  SKLAB_TRY(const std::string bytes, read_file(path));
  return parse_profile(bytes, path.string());
}

LookupProfile profile_per_lookup(const ProfileRecord &fewer, const ProfileRecord &more,
                                 uint64_t added) {
  LookupProfile profile;
  const auto take = [&](uint64_t address, uint64_t from, uint64_t to) {
    if (from == to) return;
    if (to > from && (to - from) % added == 0) {
      profile.per_lookup.push_back({address, (to - from) / added});
    } else {
      profile.residue.push_back({address, static_cast<int64_t>(to - from)});
    }
  };
  auto left = fewer.counts.begin();
  auto right = more.counts.begin();
  while (left != fewer.counts.end() || right != more.counts.end()) {
    const bool has_left = right == more.counts.end() ||
                          (left != fewer.counts.end() && left->address <= right->address);
    const bool has_right = left == fewer.counts.end() ||
                           (right != more.counts.end() && right->address <= left->address);
    const uint64_t address = has_left ? left->address : right->address;
    take(address, has_left ? left->count : 0, has_right ? right->count : 0);
    if (has_left) ++left;
    if (has_right) ++right;
  }
  return profile;
}

}  // namespace sklab
