// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

namespace sklab {
namespace {

constexpr double kFirstAfterS = 0.5;
constexpr double kTerminalPeriodS = 0.1;
constexpr double kLinePeriodS = 5;
constexpr size_t kBarWidth = 20;
constexpr size_t kDefaultColumns = 80;

// Back to the first column, and erase to the end of the line (ECMA-48 EL).
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::optional<size_t> terminal_columns(std::FILE *stream) {
  const int fd = ::fileno(stream);
  if (fd < 0 || ::isatty(fd) == 0) return std::nullopt;
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefaultColumns;
  return size.ws_col;
}

double steady_now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What does not get through, to a closed terminal for example, is no reason to stop a run.
void write(std::FILE *stream, std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stream));
  static_cast<void>(std::fflush(stream));
}

}  // namespace

ProgressDisplay ProgressDisplay::of(std::FILE *stream) {
  return {terminal_columns(stream), steady_now_s};
}

Progress::Progress(std::FILE *stream, std::string title, double total_s, ProgressDisplay display)
    : stream_(stream),
      title_(std::move(title)),
      total_s_(total_s),
      display_(std::move(display)),
      next_s_(display_.now_s() + kFirstAfterS) {}

double Progress::done_share(double done_s) const {
  return total_s_ > 0 ? std::clamp(done_s / total_s_, 0.0, 1.0) : 0;
}

std::string Progress::terminal_line(double done_s, std::string_view what) const {
  const double share = done_share(done_s);
  const auto filled = static_cast<size_t>(share * kBarWidth);
  std::string line = fmt::format("{} [{:-<{}}] {:3.0f} % {:.0f} s left  {}", title_,
                                 std::string(filled, '#'), kBarWidth, std::floor(share * 100),
                                 std::ceil(std::max(0.0, total_s_ - done_s)), what);
  // A line that wraps could not be rewritten; some terminals wrap at the last column already.
  line.resize(std::min(line.size(), *display_.columns - 1));
  return line;
}

void Progress::update(double done_s, std::string_view what) {
  if (finished_) return;
  const double now_s = display_.now_s();
  if (now_s < next_s_) return;
  next_s_ = now_s + (display_.columns ? kTerminalPeriodS : kLinePeriodS);
  shown_ = true;
  if (display_.columns) {
    write(stream_, std::string(kEraseLine) + terminal_line(done_s, what));
  } else {
    write(stream_, fmt::format("progress: {} {:.0f} % {}\n", title_,
                               std::floor(done_share(done_s) * 100), what));
  }
}

void Progress::finish() {
  if (shown_ && !finished_ && display_.columns) write(stream_, kEraseLine);
  finished_ = true;
}

RunProgress progress_on(std::FILE *stream, const std::string &title) {
  auto progress = std::make_shared<std::optional<Progress>>();
  return [=](double done_s, double total_s, const std::string &what) {
    if (!*progress) progress->emplace(stream, title, total_s);
    (*progress)->update(done_s, what);
  };
}

}  // namespace sklab
