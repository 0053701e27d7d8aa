// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_modules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "harness/base/file.h"
#include "harness/guest/kernels/module_info.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kWantedModules = {"veth", "dummy", "tun", "sch_ingress",
                                                            "cls_bpf"};
constexpr char kTproxyModule[] = "nft_tproxy";
constexpr double kDecompressLimitS = 60;

// "sch_ingress" of sch-ingress.ko.xz; "" for what is no module.
std::string name_of(const fs::path &file) {
  const std::string text = file.filename().string();
  for (const std::string_view suffix : {".ko", ".ko.xz", ".ko.zst", ".ko.gz"}) {
    if (!text.ends_with(suffix)) continue;
    return module_name(std::string_view(text).substr(0, text.size() - suffix.size()));
  }
  return "";
}

// Of two of a name the first by path, on every file system.
std::map<std::string, fs::path> index_of(const fs::path &tree) {
  std::set<fs::path> files;
  std::error_code error;
  for (const auto &entry : fs::recursive_directory_iterator(tree, error)) {
    if (entry.is_regular_file(error)) files.insert(entry.path());
  }
  std::map<std::string, fs::path> index;
  for (const fs::path &file : files) {
    if (const std::string name = name_of(file); !name.empty()) index.emplace(name, file);
  }
  return index;
}

Result<std::string> decompress_by(const std::string &tool, const std::string &package,
                                  const fs::path &file) {
  SKLAB_TRY(const std::string program, find_program(tool, package));
  SKLAB_TRY(ToolRun run,
            run_tool({{program, "--decompress", "--stdout", "--quiet", "--", file.string()}, {}},
                     kDecompressLimitS, {}));
  if (run.exit_code == 0) return std::move(run.output);
  return fail_as(ErrorKind::kUsage, "decompress", file.string(), 0,
                 run.errors.substr(0, run.errors.find('\n')));
}

Result<std::string> read_module(const fs::path &file) {
  if (file.extension() == ".xz") return decompress_by("xz", "xz-utils", file);
  if (file.extension() == ".zst") return decompress_by("zstd", "zstd", file);
  SKLAB_TRY(std::string content, read_file(file));
  if (file.extension() != ".gz") return content;
  auto unzipped = gunzip(content);
  if (unzipped) return unzipped;
  return fail_as(ErrorKind::kUsage, "decompress", file.string());
}

class ModuleSearch {
 public:
  ModuleSearch(const fs::path &tree, const std::string &release)
      : index_(index_of(tree)), release_(release) {}

  // Adds it after those that it depends on.
  Result<> add(const std::string &name, const std::string &needed_by);
  [[nodiscard]] bool has(const std::string &name) const { return index_.contains(name); }
  // What is added from then on is for TPROXY.
  void begin_tproxy() { for_tproxy_ = true; }
  std::vector<KernelModule> take() { return std::move(found_); }

 private:
  std::map<std::string, fs::path> index_;
  const std::string &release_;
  bool for_tproxy_ = false;
  std::set<std::string> visited_;
  std::vector<KernelModule> found_;
};

Result<> ModuleSearch::add(const std::string &name, const std::string &needed_by) {
  // Each once, so that modules that depend on each other end, too.
  if (!visited_.insert(name).second) return Ok{};
  const auto file = index_.find(name);
  if (file == index_.end()) {
    return fail_as(ErrorKind::kUsage, "find the module", name, 0,
                   needed_by + " depends on it; give the folder of all modules");
  }
  SKLAB_TRY(std::string content, read_module(file->second));
  SKLAB_TRY(const ModuleInfo info, parse_module_info(content, file->second.string()));
  if (info.release != release_) {
    return fail_as(ErrorKind::kUsage, "use the module", file->second.string(), 0,
                   fmt::format("it is for {}, the image is {}", info.release, release_));
  }
  for (const std::string &other : info.depends) SKLAB_CHECK(add(other, name));
  found_.push_back({name, std::move(content), for_tproxy_});
  return Ok{};
}

}  // namespace

Result<std::vector<KernelModule>> find_modules(const fs::path &tree, const std::string &release) {
  ModuleSearch search(tree, release);
  for (const std::string_view wanted : kWantedModules) {
    const std::string name(wanted);
    if (search.has(name)) SKLAB_CHECK(search.add(name, ""));
  }
  search.begin_tproxy();
  if (search.has(kTproxyModule)) SKLAB_CHECK(search.add(kTproxyModule, ""));
  return search.take();
}

}  // namespace sklab
