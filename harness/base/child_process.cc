// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <utility>

namespace sklab {
namespace {

constexpr int kCannotExecute = 127;

std::vector<std::string> merged_environment(const std::map<std::string, std::string> &changes) {
  std::vector<std::string> merged;
  for (char **entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!changes.contains(std::string(text.substr(0, text.find('='))))) merged.emplace_back(text);
  }
  for (const auto &[name, value] : changes) merged.push_back(fmt::format("{}={}", name, value));
  return merged;
}

std::vector<char *> pointers_to(std::vector<std::string> &texts) {
  std::vector<char *> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string &text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// In the child. Signals that this process catches or ignores are as at a program's start.
[[noreturn]] void become(char *const *arguments, char *const *environment, int output, int errors,
                         const char *folder, int inherited_fd, pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kCannotExecute);  // it died before the request
  for (const int signal_number : {SIGINT, SIGTERM, SIGPIPE, SIGHUP}) {
    ::signal(signal_number, SIG_DFL);
  }
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  if (inherited_fd >= 0) ::fcntl(inherited_fd, F_SETFD, 0);
  if (*folder != '\0' && ::chdir(folder) != 0) {
    ::perror(folder);
    ::_exit(kCannotExecute);
  }
  ::execve(arguments[0], arguments, environment);
  ::perror(arguments[0]);
  ::_exit(kCannotExecute);
}

struct Pipe {
  UniqueFd reads;  // does not block
  UniqueFd writes;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail("make a pipe", {}, errno);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildCommand &command) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = merged_environment(command.environment);
  const std::vector<char *> argument_pointers = pointers_to(arguments);
  const std::vector<char *> environment_pointers = pointers_to(environment);
  SKLAB_TRY(Pipe output, make_pipe());
  Pipe errors;
  if (command.errors_apart) {
    SKLAB_TRY(errors, make_pipe());
  }
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return fail("start", arguments[0], errno);
  if (pid == 0) {
    become(argument_pointers.data(), environment_pointers.data(), output.writes.get(),
           (errors.writes.valid() ? errors : output).writes.get(), command.folder.c_str(),
           command.inherited_fd, parent);
  }
  ::setpgid(pid, pid);  // whoever of the two comes first
  return ChildProcess(pid, std::move(output.reads), std::move(errors.reads));
}

ChildProcess::ChildProcess(ChildProcess &&other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      exit_code_(other.exit_code_) {}

ChildProcess::~ChildProcess() {
  if (pid_ < 0 || exit_code_) return;
  signal(SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::string ChildProcess::read_from(const UniqueFd &stream) {
  // One that writes without a pause must not keep its caller from anything else.
  constexpr size_t kMostBytes = 1 << 20;
  std::string text;
  std::array<char, 65536> chunk;
  while (text.size() < kMostBytes) {
    const ssize_t size = ::read(stream.get(), chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    text.append(chunk.data(), static_cast<size_t>(size));
  }
  return text;
}

void ChildProcess::signal(int signal_number) const {
  if (!exit_code_) ::kill(-pid_, signal_number);
}

double ChildProcess::cpu_s() const {
  clockid_t clock = 0;
  timespec time{};
  if (::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::optional<int> ChildProcess::exit_code() {
  if (exit_code_) return exit_code_;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalExitCodes + WTERMSIG(status);
  return exit_code_;
}

Result<std::string> output_of(const ChildCommand &command, double limit_s) {
  SKLAB_TRY(ChildProcess child, ChildProcess::start(command));
  const auto start = std::chrono::steady_clock::now();
  std::string output;
  while (!child.exit_code()) {
    output += child.read_output();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (elapsed.count() > limit_s) {
      return fail("run", command.arguments[0], 0, fmt::format("it took over {} s", limit_s));
    }
    // Not as long as that once it has ended, or at least said its last word.
    constexpr int kPeriodMs = 10;
    pollfd ready{child.output_fd(), POLLIN, 0};
    if (::poll(&ready, 1, kPeriodMs) > 0 && (ready.revents & POLLIN) == 0) ::poll(nullptr, 0, 1);
  }
  output += child.read_output();
  if (const int code = *child.exit_code(); code != 0) {
    return fail("run", command.arguments[0], 0, fmt::format("exit code {}: {}", code, output));
  }
  return output;
}

Result<std::string> find_program(const std::string &name, const std::string &package) {
  const char *variable = std::getenv("PATH");
  std::string_view folders = variable == nullptr ? "/usr/bin:/bin" : variable;
  while (!folders.empty()) {
    const size_t size = std::min(folders.find(':'), folders.size());
    std::string path = fmt::format("{}/{}", folders.substr(0, size), name);
    if (::access(path.c_str(), X_OK) == 0) return path;
    folders.remove_prefix(std::min(size + 1, folders.size()));
  }
  return fail_as(ErrorKind::kUnavailable, "find program", name, 0,
                 fmt::format("install Debian's package {}", package));
}

}  // namespace sklab
