// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_init.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "harness/base/child_process.h"
#include "harness/base/file.h"
#include "harness/base/unique_fd.h"
#include "harness/guest/debug_port.h"
#include "harness/guest/guest_frames.h"
#include "harness/guest/guest_plan.h"
#include "harness/guest/guest_symbols.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

struct Mount {
  const char *type;
  const char *folder;
  bool needed;
};
constexpr std::array kMounts = {Mount{"devtmpfs", "/dev", true}, Mount{"proc", "/proc", true},
                                Mount{"sysfs", "/sys", true}, Mount{"bpf", "/sys/fs/bpf", false},
                                Mount{"debugfs", "/sys/kernel/debug", false}};

Result<> make_mounts() {
  // They are memory already, and what the command needs may lie in them.
  for (const char *folder : {"/tmp", "/run"}) ::mkdir(folder, 0755);
  for (const Mount &mount : kMounts) {
    ::mkdir(mount.folder, 0755);
    if (::mount(mount.type, mount.folder, mount.type, MS_NOSUID, nullptr) == 0) continue;
    if (mount.needed) return fail("mount", mount.folder, errno);
  }
  return Ok{};
}

Result<> load_module(const std::string &path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail("open", path, errno);
  if (::syscall(SYS_finit_module, fd.get(), "", 0) != 0 && errno != EEXIST) {
    return fail("load module", path, errno);
  }
  return Ok{};
}

// A distribution's shell gives a process more than the kernel's first one has.
void raise_limits() {
  constexpr rlim_t kOpenFiles = 1U << 20U;
  const rlimit files{kOpenFiles, kOpenFiles};
  ::setrlimit(RLIMIT_NOFILE, &files);
}

// KCSAN, of a kernel that has it, is off until it is asked for (Documentation/dev-tools/kcsan.rst):
// it stops accesses now and then (kcsan.config) for a while, to see whether others come along. On
// one processor nobody does.
void watch_for_data_races() {
  if (::sysconf(_SC_NPROCESSORS_ONLN) < 2) return;
  const UniqueFd fd(::open("/sys/kernel/debug/kcsan", O_WRONLY | O_CLOEXEC));
  constexpr std::string_view kOn = "on";
  if (fd.valid() && ::write(fd.get(), kOn.data(), kOn.size()) < 0) {
    fmt::print(stderr, "sklab guest: cannot switch on KCSAN\n");
  }
}

class GuestInit {
 public:
  explicit GuestInit(const DebugPort &port) : port_(port) {}

  Result<int> run();
  void send(FrameKind kind, std::string_view payload) const;

 private:
  [[nodiscard]] Result<int> run_command(const GuestPlan &plan) const;
  void send_file(const fs::path &path, const Result<std::string> &content) const;
  void send_outputs(const GuestPlan &plan) const;

  const DebugPort &port_;
};

void GuestInit::send(FrameKind kind, std::string_view payload) const {
  port_.write(encode(kind, payload));
}

Result<int> GuestInit::run_command(const GuestPlan &plan) const {
  constexpr int kAlivePeriodMs = 1000;
  SKLAB_TRY(ChildProcess child, ChildProcess::start({plan.arguments, plan.environment, -1, true}));
  std::array<pollfd, 2> streams{{{child.output_fd(), POLLIN, 0}, {child.errors_fd(), POLLIN, 0}}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    if (::poll(streams.data(), streams.size(), kAlivePeriodMs) == 0) send(FrameKind::kAlive, "");
    const std::array texts = {child.read_output(), child.read_errors()};
    constexpr std::array kKinds = {FrameKind::kOutput, FrameKind::kErrors};
    for (size_t i = 0; i < texts.size(); ++i) {
      if (!texts[i].empty()) {
        send(kKinds[i], texts[i]);
      } else if ((streams[i].revents & POLLHUP) != 0) {
        streams[i].fd = -1;  // closed, and all of it was read
      }
    }
  }
  for (;;) {
    if (const auto code = child.exit_code()) return *code;
    ::poll(nullptr, 0, 1);
  }
}

void GuestInit::send_file(const fs::path &path, const Result<std::string> &content) const {
  if (!content) return send(FrameKind::kErrors, content.error().message() + "\n");
  constexpr size_t kPieceBytes = 1U << 20U;
  send(FrameKind::kFile, path.string());
  for (size_t sent = 0; sent < content->size(); sent += kPieceBytes) {
    send(FrameKind::kFileData, std::string_view(*content).substr(sent, kPieceBytes));
  }
}

void GuestInit::send_outputs(const GuestPlan &plan) const {
  for (const std::string &output : plan.outputs) {
    if (fs::is_regular_file(output)) send_file(output, read_file(output));
    std::error_code none;
    for (const auto &entry : fs::recursive_directory_iterator(output, none)) {
      std::error_code none_either;
      if (entry.is_symlink()) {
        const fs::path target = fs::read_symlink(entry.path(), none_either);
        send(FrameKind::kLink, entry.path().string() + '\0' + target.string());
      } else if (entry.is_regular_file()) {
        send_file(entry.path(), read_file(entry.path()));
      }
    }
  }
  if (plan.symbols) send_file(kSymbolsPath, kept_symbols());
}

Result<int> GuestInit::run() {
  utsname name{};
  ::uname(&name);
  send(FrameKind::kStarted, name.release);
  SKLAB_CHECK(make_mounts());
  raise_limits();
  SKLAB_TRY(const std::string bytes, read_file(kPlanPath));
  SKLAB_TRY(const GuestPlan plan, parse_plan(bytes));
  for (const std::string &module : plan.modules) SKLAB_CHECK(load_module(module));
  if (::chdir(plan.folder.c_str()) != 0) return fail("enter", plan.folder, errno);
  watch_for_data_races();
  SKLAB_TRY(const int code, run_command(plan));
  send_outputs(plan);
  return code;
}

}  // namespace

bool in_guest() {
  const auto first = read_file("/proc/1/cmdline");
  return first && first->find(std::string("\0guest-init", 11)) != std::string::npos;
}

void run_guest_init() {
  const auto port = DebugPort::open();
  if (!port) {
    // Nobody but the console can be told; the kernel panics as its first process ends.
    fmt::print(stderr, "sklab guest: {}\n", port.error().message());
    ::_exit(1);
  }
  GuestInit init(*port);
  const auto code = init.run();
  if (code) {
    init.send(FrameKind::kExit, std::to_string(*code));
  } else {
    init.send(FrameKind::kFailed, code.error().message());
  }
  port->end();
}

}  // namespace sklab
