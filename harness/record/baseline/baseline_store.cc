// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/baseline/baseline_store.h"

#include <algorithm>
#include <string_view>
#include <system_error>

#include "harness/base/file.h"
#include "harness/record/baseline/baseline_json.h"

namespace sklab {
namespace {

constexpr std::string_view kSuffix = ".json";
constexpr std::string_view kNameCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

}  // namespace

Result<std::filesystem::path> baseline_path(const std::filesystem::path &folder,
                                            const std::string &named) {
  const std::filesystem::path path(named);
  if (named.find('/') != std::string::npos || path.extension() == kSuffix) return path;
  if (named.empty() || named.front() == '.' ||
      named.find_first_not_of(kNameCharacters) != std::string::npos) {
    return fail_as(ErrorKind::kUsage, "name a baseline", "'" + named + "'", 0,
                   "a name has letters, digits, '.', '_' and '-'");
  }
  return folder / (named + std::string(kSuffix));
}

Result<BaselineRecord> read_baseline(const std::filesystem::path &file) {
  const auto text = read_file(file);
  if (!text) {
    return fail_as(ErrorKind::kUsage, "read the baseline", file.string(), text.error().error_number,
                   "`sklab baseline show` lists what there is");
  }
  auto record = parse_baseline_json(*text);
  if (record) return record;
  Error error = record.error();
  error.object = file.string() + error.object;
  return tl::unexpected(std::move(error));
}

Result<> check_free(const std::filesystem::path &file, bool replace) {
  std::error_code ignored;
  if (replace || !std::filesystem::exists(file, ignored)) return Ok{};
  return fail_as(ErrorKind::kUsage, "record", file.string(), 0,
                 "it exists; --replace records it anew");
}

Result<> write_baseline(const std::filesystem::path &file, const BaselineRecord &record,
                        bool replace) {
  SKLAB_CHECK(check_free(file, replace));
  std::error_code error;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), error);
  if (error) return fail("make the folder", file.parent_path().string(), error.value());
  return write_file_atomically(file, baseline_json(record));
}

Result<std::vector<std::filesystem::path>> baseline_files(const std::filesystem::path &folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == kSuffix) files.push_back(entry.path());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail_as(ErrorKind::kUsage, "list the baselines in", folder.string(), error.value());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace sklab
