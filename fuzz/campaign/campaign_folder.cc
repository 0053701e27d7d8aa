// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/campaign_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "fuzz/campaign/corpus.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kHint[] = "choose another folder with --folder";
constexpr off_t kReserveBytes = 256 << 10;

std::vector<fs::path> entries_in(const fs::path &folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    entries.push_back(it->path());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

// What a killed process had not finished: hidden folders, and the temporary files of
// write_file_atomically().
void clear_unfinished(const CampaignFolder &folder) {
  std::error_code ignored;
  fs::remove_all(folder.scratch(), ignored);
  for (const fs::path &parent : {folder.findings(), folder.corpora()}) {
    for (const fs::path &entry : entries_in(parent)) {
      if (entry.filename().string().starts_with('.')) fs::remove_all(entry, ignored);
    }
  }
  for (const fs::path &entry : entries_in(folder.path())) {
    const std::string name = entry.filename().string();
    if (name.starts_with("campaign.json.") && !name.ends_with(".unreadable")) {
      fs::remove(entry, ignored);
    }
  }
}

}  // namespace

Result<CampaignFolder> CampaignFolder::open(const fs::path &path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail("make folder", path.string(), error.value(), kHint);
  // Fuzzers get absolute paths, wherever they work.
  const fs::path absolute = fs::canonical(path, error);
  UniqueFd lock(::open((absolute / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!lock.valid()) return fail("write to folder", path.string(), errno, kHint);
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail_as(ErrorKind::kUsage, "use folder", path.string(), 0,
                   "another campaign runs in it; choose another with --folder");
  }
  CampaignFolder folder(absolute, std::move(lock));
  SKLAB_CHECK(folder.prepare());
  return folder;
}

Result<> CampaignFolder::prepare() const {
  clear_unfinished(*this);
  for (const fs::path &folder : {corpora(), findings(), journals(), logs(), scratch()}) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail("make folder", folder.string(), error.value(), kHint);
  }
  const UniqueFd fd(::open(reserve().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) return fail("write to folder", path_.string(), errno, kHint);
  const int error_number = ::posix_fallocate(fd.get(), 0, kReserveBytes);
  if (error_number != 0) return fail("write to folder", path_.string(), error_number, kHint);
  return Ok{};
}

void CampaignFolder::release_reserve() const { ::unlink(reserve().c_str()); }

void CampaignFolder::clear_scratch() const {
  std::error_code ignored;
  fs::remove_all(scratch(), ignored);
}

fs::path CampaignFolder::corpus(const Fuzzer &fuzzer) const {
  return corpora() / corpus_name(fuzzer);
}

CampaignState CampaignFolder::read_state(std::vector<std::string> &notes) const {
  const fs::path path = path_ / "campaign.json";
  const auto text = read_file(path);
  if (!text && text.error().error_number == ENOENT) return {};
  auto state = text ? parse_campaign_state(*text) : Result<CampaignState>(fail("read"));
  if (state) return *state;
  const fs::path aside = path.string() + ".unreadable";
  ::rename(path.c_str(), aside.c_str());
  notes.push_back(
      fmt::format("campaign.json was unreadable: figures of earlier runs are lost, {} "
                  "is what was there",
                  aside.string()));
  return {};
}

Result<> CampaignFolder::write_state(const CampaignState &state) const {
  return write_file_atomically(path_ / "campaign.json", format_campaign_state(state));
}

std::vector<FindingRecord> CampaignFolder::read_findings() const {
  std::vector<FindingRecord> findings;
  for (const fs::path &entry : entries_in(this->findings())) {
    const auto text = read_file(entry / "finding.json");
    const auto json = nlohmann::json::parse(text ? *text : "", nullptr, false);
    try {
      findings.push_back({.name = entry.filename(),
                          .target = json.at("target"),
                          .signature = json.at("signature")});
    } catch (const nlohmann::json::exception &) {
      continue;
    }
  }
  return findings;
}

Result<> CampaignFolder::keep_journals(unsigned run) const {
  const fs::path target = journals() / fmt::format("killed-{}", run);
  for (const fs::path &entry : entries_in(journals())) {
    std::error_code error;
    if (!fs::is_regular_file(entry, error)) continue;
    fs::create_directories(target, error);
    if (error) return fail("make folder", target.string(), error.value());
    if (::rename(entry.c_str(), (target / entry.filename()).c_str()) != 0) {
      return fail("move", entry.string(), errno);
    }
  }
  return Ok{};
}

}  // namespace sklab
