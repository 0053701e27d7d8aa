// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/apt.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "harness/base/file.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kMirrorVariable[] = "SKLAB_DEBIAN_MIRROR";
constexpr char kDefaultMirror[] = "http://deb.debian.org";
constexpr char kKeyring[] = "/usr/share/keyrings/debian-archive-keyring.gpg";

// Hooks that the host has for its own lists must not run for these. Little is kept: what apt would
// make of the lists takes more room than the kernels.
constexpr char kAptConfiguration[] =
    "#clear APT::Update::Pre-Invoke;\n"
    "#clear APT::Update::Post-Invoke;\n"
    "#clear APT::Update::Post-Invoke-Success;\n"
    "#clear APT::Default-Release;\n"
    "Dir::Cache::pkgcache \"\";\n"
    "Dir::Cache::srcpkgcache \"\";\n"
    "Acquire::GzipIndexes \"true\";\n"
    "Acquire::Languages \"none\";\n"
    "Acquire::Retries \"2\";\n"
    "Acquire::http::Timeout \"20\";\n"
    "Acquire::https::Timeout \"20\";\n"
    "APT::Update::Error-Mode \"any\";\n";

struct Suite {
  const char *archive;
  const char *name;
};
constexpr std::array kSuites = {Suite{"debian", "bookworm"},
                                Suite{"debian", "bookworm-backports"},
                                Suite{"debian-security", "bookworm-security"},
                                Suite{"debian", "trixie"},
                                Suite{"debian", "trixie-backports"},
                                Suite{"debian-security", "trixie-security"},
                                Suite{"debian", "sid"}};

constexpr std::string_view kFullDisk = "No space left on device";

constexpr double kUpdateLimitS = 600;
constexpr double kQueryLimitS = 120;
constexpr double kDownloadLimitS = 1800;
constexpr double kRecentS = 24 * 3600;

// What a tool that brings something failed of.
tl::unexpected<Error> tool_failure(const std::string &operation, const std::string &object,
                                   const std::string &errors, const std::string &more = "") {
  const std::string reason = tool_reason(errors);
  const bool is_full = reason.find(kFullDisk) != std::string::npos;
  return fail_as(is_full ? ErrorKind::kHarness : ErrorKind::kUnavailable, operation, object, 0,
                 reason + (is_full ? " (or choose another folder with SKLAB_KERNELS)" : more));
}

std::string configured_mirror() {
  const char *mirror = std::getenv(kMirrorVariable);
  return mirror == nullptr || *mirror == '\0' ? kDefaultMirror : mirror;
}

}  // namespace

std::string debian_sources(const std::string &mirror) {
  std::string text;
  for (const Suite &suite : kSuites) {
    text += fmt::format("deb [arch=amd64 signed-by={}] {}/{} {} main\n", kKeyring, mirror,
                        suite.archive, suite.name);
  }
  return text;
}

std::string tool_reason(const std::string &errors) {
  // A full disk is behind whatever else is said; errors are E:, and W: is what an update warns of.
  for (const std::string_view mark :
       {kFullDisk, std::string_view("E: "), std::string_view("W: ")}) {
    for (size_t begin = 0; begin < errors.size();) {
      const size_t end = std::min(errors.find('\n', begin), errors.size());
      std::string line = errors.substr(begin, end - begin);
      const size_t found = line.find(mark);
      if (found == 0 && mark != kFullDisk) return line.substr(mark.size());
      if (found != std::string::npos && mark == kFullDisk) return line;
      begin = end + 1;
    }
  }
  return errors.substr(0, errors.find('\n'));
}

Result<Apt> Apt::open(fs::path folder) {
  Apt apt(std::move(folder));
  SKLAB_TRY(apt.apt_get_, find_program("apt-get", "apt"));
  SKLAB_TRY(apt.apt_cache_, find_program("apt-cache", "apt"));
  // Debian has it in a folder of apt's own.
  apt.apt_helper_ = find_program("apt-helper", "apt").value_or("/usr/lib/apt/apt-helper");
  SKLAB_CHECK(apt.write_configuration());
  return apt;
}

Result<> Apt::write_configuration() {
  std::error_code error;
  for (const char *below : {"state", "lists/partial", "cache/archives/partial"}) {
    fs::create_directories(folder_ / below, error);
    if (error) return fail("make folder", (folder_ / below).string(), error.value());
  }
  const std::string sources = debian_sources(configured_mirror());
  const auto present = read_file(folder_ / "sources.list");
  if (!present || *present != sources) {
    SKLAB_CHECK(write_file_atomically(folder_ / "sources.list", sources));
    fs::remove(folder_ / "updated", error);
  }
  return write_file_atomically(folder_ / "apt.conf", kAptConfiguration);
}

std::vector<std::string> Apt::command(const std::string &program) const {
  std::vector<std::string> arguments = {program, "-q", "-c", (folder_ / "apt.conf").string()};
  const std::array<std::pair<const char *, std::string>, 6> folders = {{
      {"Dir::Etc::sourcelist", (folder_ / "sources.list").string()},
      {"Dir::Etc::sourceparts", "/dev/null"},
      {"Dir::State", (folder_ / "state").string()},
      {"Dir::State::lists", (folder_ / "lists").string()},
      {"Dir::State::status", "/dev/null"},
      {"Dir::Cache", (folder_ / "cache").string()},
  }};
  for (const auto &[name, value] : folders) {
    arguments.emplace_back("-o");
    arguments.push_back(fmt::format("{}={}", name, value));
  }
  return arguments;
}

bool Apt::lists_are_recent() const {
  struct stat status {};
  if (::stat((folder_ / "updated").c_str(), &status) != 0) return false;
  const double age_s = std::difftime(std::time(nullptr), status.st_mtime);
  return age_s >= 0 && age_s < kRecentS;
}

Result<> Apt::update(const Tick &tick) {
  std::error_code ignored;
  if (!fs::exists(kKeyring, ignored)) {
    return fail_as(ErrorKind::kUnavailable, "check Debian's signatures", kKeyring, ENOENT,
                   "install Debian's package debian-archive-keyring");
  }
  std::vector<std::string> arguments = command(apt_get_);
  arguments.emplace_back("update");
  SKLAB_TRY(const ToolRun run, run_tool({arguments, {}}, kUpdateLimitS, tick));
  if (run.exit_code == 0) return write_file_atomically(folder_ / "updated", "");
  fs::remove_all(folder_ / "lists" / "partial", ignored);
  return tool_failure("read Debian's package lists from", configured_mirror(), run.errors,
                      fmt::format(" (another mirror: {})", kMirrorVariable));
}

Result<std::string> Apt::show(const std::string &pattern, const Tick &tick) {
  std::vector<std::string> arguments = command(apt_cache_);
  arguments.emplace_back("show");
  arguments.push_back(pattern);
  SKLAB_TRY(ToolRun run, run_tool({arguments, {}}, kQueryLimitS, tick));
  if (run.exit_code == 0) return std::move(run.output);
  const std::string reason = tool_reason(run.errors);
  if (reason.starts_with("No packages found")) return std::string();
  return fail("read Debian's package lists in", folder_.string(), 0, reason);
}

Result<> Apt::download(const std::vector<std::string> &packages, const std::string &version,
                       const fs::path &into, const Tick &tick) {
  std::vector<std::string> arguments = command(apt_get_);
  arguments.emplace_back("download");
  for (const std::string &package : packages) {
    arguments.push_back(fmt::format("{}={}", package, version));
  }
  ChildCommand download{arguments, {}};
  download.folder = into.string();
  SKLAB_TRY(const ToolRun run, run_tool(download, kDownloadLimitS, tick));
  if (run.exit_code == 0) return Ok{};
  return tool_failure("download", packages.front(), run.errors);
}

Result<> Apt::download_file(const std::string &path, const fs::path &to, const Tick &tick) {
  const std::string source = configured_mirror() + "/" + path;
  std::vector<std::string> arguments = command(apt_helper_);
  for (const std::string &more : {std::string("download-file"), source, to.string()}) {
    arguments.push_back(more);
  }
  SKLAB_TRY(const ToolRun run, run_tool({arguments, {}}, kDownloadLimitS, tick));
  if (run.exit_code == 0) return Ok{};
  return tool_failure("download", source, run.errors);
}

}  // namespace sklab
