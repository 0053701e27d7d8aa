// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/initramfs.h"

#include <algorithm>
#include <set>

#include "harness/base/file.h"
#include "harness/guest/cpio_archive.h"
#include "harness/guest/guest_plan.h"
#include "harness/guest/program_segments.h"
#include "harness/guest/shared_libraries.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

class Initramfs {
 public:
  // Once, whoever needs it.
  Result<> add_file(const fs::path &path, bool executable);
  Result<> add_program(const fs::path &path);
  // A file, or all that is in a folder.
  Result<> add_input(const fs::path &path);
  CpioArchive &archive() { return archive_; }

 private:
  CpioArchive archive_;
  std::set<fs::path> present_;
};

Result<> Initramfs::add_file(const fs::path &path, bool executable) {
  if (!present_.insert(path).second) return Ok{};
  SKLAB_TRY(const std::string content, read_file(path));
  archive_.add_file(path.string(), content, executable);
  return Ok{};
}

Result<> Initramfs::add_program(const fs::path &path) {
  if (!present_.insert(path).second) return Ok{};
  SKLAB_TRY(const auto libraries, shared_libraries_of(path));
  for (const std::string &library : libraries) SKLAB_CHECK(add_file(library, true));
  SKLAB_TRY(const std::string elf, read_file(path));
  SKLAB_TRY(const std::string content, loadable_part(elf, path.string()));
  archive_.add_file(path.string(), content, true);
  return Ok{};
}

Result<> Initramfs::add_input(const fs::path &path) {
  if (!fs::is_directory(path)) return add_file(path, false);
  archive_.add_folder(path.string());
  // In one order on every file system.
  std::set<fs::path> files;
  for (const auto &entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_directory()) archive_.add_folder(entry.path().string());
    if (entry.is_regular_file()) files.insert(entry.path());
  }
  for (const fs::path &file : files) SKLAB_CHECK(add_file(file, false));
  return Ok{};
}

}  // namespace

fs::path own_program() { return fs::read_symlink("/proc/self/exe"); }

Result<std::string> make_initramfs(const GuestKernel &kernel, const GuestCommand &command) {
  Initramfs files;
  CpioArchive &archive = files.archive();
  // The kernel opens it for the first process, before that could make any.
  archive.add_character_device("/dev/console", 5, 1);
  SKLAB_CHECK(files.add_program(own_program()));
  SKLAB_CHECK(files.add_program(command.arguments.front()));
  for (const fs::path &program : command.programs) SKLAB_CHECK(files.add_program(program));
  for (const fs::path &input : command.inputs) SKLAB_CHECK(files.add_input(input));
  GuestPlan plan;
  plan.arguments = command.arguments;
  plan.folder = command.folder.string();
  plan.environment = command.environment;
  plan.symbols = command.symbols;
  archive.add_folder(plan.folder);
  for (const fs::path &module : kernel.modules) {
    SKLAB_CHECK(files.add_file(module, false));
    plan.modules.push_back(module.string());
  }
  for (const fs::path &output : command.outputs) plan.outputs.push_back(output.string());
  archive.add_file(kPlanPath, plan_bytes(plan));
  return archive.finish();
}

}  // namespace sklab
