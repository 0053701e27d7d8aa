// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_run.h"

#include <poll.h>

#include <optional>

#include "harness/guest/guest_session.h"
#include "harness/guest/initramfs.h"

namespace sklab {
namespace {

void wait_a_little() {
  constexpr int kPeriodMs = 10;
  ::poll(nullptr, 0, kPeriodMs);
}

// None while it runs.
std::optional<Result<GuestRecord>> advance(GuestSession &session) {
  const auto over = session.advance();
  if (!over) return tl::unexpected(over.error());
  if (!*over) return std::nullopt;
  return session.finish();
}

}  // namespace

GuestCommand own_command(const std::vector<std::string> &arguments) {
  GuestCommand command;
  command.arguments = {own_program().string()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.folder = "/tmp";
  return command;
}

Result<GuestRecord> run_in_guest(const GuestKernel &kernel, const GuestCommand &command,
                                 const GuestOptions &options) {
  const auto nobody = [](size_t) {};
  return run_guests({{kernel, command, options}}, 1, nobody).front();
}

std::vector<Result<GuestRecord>> run_guests(const std::vector<GuestJob> &jobs, size_t at_once,
                                            const std::function<void(size_t ended)> &progress) {
  std::vector<std::optional<Result<GuestRecord>>> results(jobs.size());
  std::map<size_t, std::unique_ptr<GuestSession>> running;
  size_t next = 0;
  for (size_t ended = 0; ended < jobs.size();) {
    while (next < jobs.size() && running.size() < at_once) {
      auto session = GuestSession::start(jobs[next]);
      if (session) {
        running.emplace(next, std::move(*session));
      } else {
        results[next] = tl::unexpected(session.error());
        ++ended;
      }
      ++next;
    }
    wait_a_little();
    for (auto each = running.begin(); each != running.end();) {
      results[each->first] = advance(*each->second);
      const bool over = results[each->first].has_value();
      ended += over ? 1 : 0;
      each = over ? running.erase(each) : std::next(each);
    }
    progress(ended);
  }
  std::vector<Result<GuestRecord>> records;
  records.reserve(results.size());
  for (auto &result : results) records.push_back(std::move(*result));
  return records;
}

std::vector<GuestOutput> run_guests_for_output(std::vector<GuestJob> jobs, size_t at_once,
                                               const std::function<void(size_t ended)> &progress) {
  std::vector<std::string> output(jobs.size());
  std::vector<std::string> errors(jobs.size());
  for (size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].options.output = [&output, i](std::string_view text) { output[i] += text; };
    jobs[i].options.errors = [&errors, i](std::string_view text) { errors[i] += text; };
  }
  auto guests = run_guests(jobs, at_once, progress);
  std::vector<GuestOutput> outputs;
  outputs.reserve(jobs.size());
  for (size_t i = 0; i < jobs.size(); ++i) {
    outputs.push_back({std::move(guests[i]), std::move(output[i]), std::move(errors[i])});
  }
  return outputs;
}

}  // namespace sklab
