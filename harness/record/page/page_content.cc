// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/page_content.h"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

#include "harness/base/file.h"
#include "harness/record/compare/compare_json.h"
#include "harness/record/flood/flood_json.h"
#include "harness/record/gate_json.h"
#include "harness/record/json_reader.h"
#include "harness/record/latency/latency_json.h"
#include "harness/record/page/result_kind.h"
#include "harness/record/range/range_json.h"
#include "harness/record/result_json.h"
#include "harness/record/result_names.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr std::array kNames = {"result.json", "gate.json",    "conform.json", "compare.json",
                               "flood.json",  "latency.json", "range.json",   "summary.json"};
constexpr int kConformVersion = 1;
constexpr int kCampaignVersion = 1;

tl::unexpected<Error> unusable(const fs::path &path, const std::string &why) {
  return fail_as(ErrorKind::kUsage, "show", path.string(), 0, why);
}

Result<std::string> read_result(const fs::path &file) {
  auto text = read_file(file);
  if (!text) {
    // A file that is not there is the user's mistake.
    text.error().kind = ErrorKind::kUsage;
    text.error().hint =
        "sklab bench, gate, conform, compare, flood, latency, range and fuzz write results";
  }
  return text;
}

// Puts what was read where it belongs. The error of a parser names the place in the file; the file
// is known here.
template <typename Record>
Result<> take(const fs::path &file, Result<Record> record, std::vector<Record> &into) {
  if (!record) {
    Error error = std::move(record).error();
    error.object = file.string() + (error.object.empty() ? "" : ":" + error.object);
    return tl::unexpected(std::move(error));
  }
  into.push_back(std::move(*record));
  return Ok{};
}

Result<> add_text(const fs::path &file, const std::string &text, PageContent &content) {
  const auto kind = kind_of_result(text);
  if (!kind) {
    return unusable(file,
                    "it is not, or not all of, what sklab bench, gate, conform, compare, flood, "
                    "latency, range or fuzz writes");
  }
  switch (*kind) {
    case ResultKind::kBench:
      return take(file, parse_result_json(text), content.runs);
    case ResultKind::kGate:
      return take(file, parse_gate_json(text), content.gates);
    case ResultKind::kConform:
      return take(file,
                  read_document<ResultNames, ConformView>("conform.json", kConformVersion, text),
                  content.conforms);
    case ResultKind::kCompare:
      return take(file, parse_compare_json(text), content.comparisons);
    case ResultKind::kFlood:
      return take(file, parse_flood_json(text), content.floods);
    case ResultKind::kLatency:
      return take(file, parse_latency_json(text), content.latencies);
    case ResultKind::kRange:
      return take(file, parse_range_json(text), content.ranges);
    case ResultKind::kCampaign:
      break;
  }
  return take(file,
              read_document<ResultNames, CampaignView>("summary.json", kCampaignVersion, text),
              content.campaigns);
}

Result<> add_file(const fs::path &file, PageContent &content) {
  SKLAB_TRY(const std::string text, read_result(file));
  SKLAB_CHECK(add_text(file, text, content));
  content.sources.push_back(file.string());
  return Ok{};
}

bool is_folder(const fs::path &path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_there(const fs::path &path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// The folder's entries by name, which for runs is their order in time.
Result<std::vector<fs::path>> entries_of(const fs::path &folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    entries.push_back(entry->path());
  }
  if (error) return fail_as(ErrorKind::kUsage, "open", folder.string(), error.value());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// A run's name, or when it began: what a link to the same folder has in common with it.
std::string identity(const RunRecord &run) { return run.run_id; }
std::string identity(const CampaignView &run) { return run.folder + " " + run.started_utc; }

template <typename Record>
void append_new(std::vector<Record> from, std::vector<Record> &to) {
  std::set<std::string> known;
  for (const Record &record : to) known.insert(identity(record));
  for (Record &record : from) {
    if (known.insert(identity(record)).second) to.push_back(std::move(record));
  }
}

}  // namespace

Result<> add_result(const fs::path &path, PageContent &content) {
  if (!is_folder(path)) return add_file(path, content);
  bool found = false;
  for (const char *name : kNames) {
    if (!is_there(path / name)) continue;
    SKLAB_CHECK(add_file(path / name, content));
    found = true;
  }
  if (found) return Ok{};
  return unusable(path,
                  "there is no result.json, gate.json, conform.json, compare.json, flood.json, "
                  "latency.json, range.json or summary.json in it");
}

Result<> add_history(const fs::path &folder, PageContent &content) {
  SKLAB_TRY(const auto entries, entries_of(folder));
  PageContent all;
  for (const fs::path &entry : entries) {
    // Hidden folders are those of runs that have not come to their end.
    if (entry.filename().string().starts_with('.')) continue;
    if (!is_folder(entry) && entry.extension() != ".json") continue;
    for (const char *name : kNames) {
      const fs::path file = is_folder(entry) ? entry / name : entry;
      if (is_there(file)) SKLAB_CHECK(add_file(file, all));
      if (file == entry) break;
    }
    for (RunRecord &run : all.runs) {
      for (RowRecord &row : run.rows) row.samples_ns = {};
    }
  }
  if (all.runs.empty() && all.campaigns.empty()) {
    return unusable(folder, "there is no run of sklab bench or fuzz in it or in its folders");
  }
  append_new(std::move(all.runs), content.history);
  append_new(std::move(all.campaigns), content.campaign_history);
  return Ok{};
}

}  // namespace sklab
