// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sklab {

// Where and when Progress writes.
struct ProgressDisplay {
  std::optional<size_t> columns;  // of the terminal; none when the stream is not one
  std::function<double()> now_s;  // a clock in seconds from any start

  static ProgressDisplay of(std::FILE *stream);
};

// Shows how far a long run has come. On a terminal, one line, rewritten at most 10 times a second,
// that leaves no trace; elsewhere, `progress: TITLE 42 % WHAT` at most every 5 s. Runs of under
// half a second show nothing.
class Progress {
 public:
  // `stream` is borrowed; use stderr, so that results can be piped. `total_s` is the planned
  // length.
  Progress(std::FILE *stream, std::string title, double total_s)
      : Progress(stream, std::move(title), total_s, ProgressDisplay::of(stream)) {}
  Progress(std::FILE *stream, std::string title, double total_s, ProgressDisplay display);
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;
  ~Progress() { finish(); }

  // `done_s` of the planned seconds are over; `what` is being done now. Cheap: call it often.
  void update(double done_s, std::string_view what);

  // Clears the line; later updates show nothing. Call it before other output.
  void finish();

 private:
  [[nodiscard]] std::string terminal_line(double done_s, std::string_view what) const;
  [[nodiscard]] double done_share(double done_s) const;

  std::FILE *stream_;
  std::string title_;
  double total_s_;
  ProgressDisplay display_;
  double next_s_;  // when the next line may be written
  bool shown_ = false;
  bool finished_ = false;
};

// What a run calls that knows how long it will take: seconds done and to do, and what is done now.
using RunProgress = std::function<void(double done_s, double total_s, const std::string &what)>;

// One that shows a Progress from the first call on, until its last copy is gone.
RunProgress progress_on(std::FILE *stream, const std::string &title);

}  // namespace sklab
