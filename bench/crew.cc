// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/crew.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

#include "harness/measure/cpu.h"

namespace sklab {

struct Crew::State {
  const Probe *probe = nullptr;
  const Netns *netns = nullptr;
  std::mutex mutex;
  std::condition_variable changed;
  uint64_t generation = 0;  // raised for every batch
  size_t busy = 0;          // members that have not reported yet
  bool closing = false;
  std::atomic<size_t> started{0};
  std::vector<BatchRequest> requests;
  std::vector<Result<BatchResult>> results;
  std::vector<std::thread> threads;

  void report(size_t member, Result<BatchResult> result) {
    const std::lock_guard lock(mutex);
    results[member] = std::move(result);
    --busy;
    changed.notify_all();
  }

  // The members leave together: waking up takes longer than a short batch.
  void start_line() {
    started.fetch_add(1);
    while (started.load() < threads.size()) {
    }
  }

  void work(size_t member, unsigned cpu) {
    const Result<> pinned = pin_thread(cpu);
    const auto inside = ScopedNetns::enter(*netns);
    report(member, !pinned   ? Result<BatchResult>(tl::unexpected(pinned.error()))
                   : !inside ? Result<BatchResult>(tl::unexpected(inside.error()))
                             : BatchResult{});
    for (uint64_t seen = 0;;) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return closing || generation != seen; });
      if (closing) return;
      seen = generation;
      const BatchRequest request = requests[member];
      lock.unlock();
      start_line();
      report(member, probe->run(request));
    }
  }

  Result<> wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return busy == 0; });
    for (const Result<BatchResult> &result : results) {
      if (!result) return tl::unexpected(result.error());
    }
    return Ok{};
  }
};

Crew::Crew(std::unique_ptr<State> state) : state_(std::move(state)) {}
Crew::Crew(Crew &&) noexcept = default;
Crew &Crew::operator=(Crew &&) noexcept = default;

Crew::~Crew() {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->closing = true;
    state_->changed.notify_all();
  }
  for (std::thread &thread : state_->threads) thread.join();
}

Result<Crew> Crew::create(const Probe &probe, const Netns &netns,
                          const std::vector<unsigned> &cpus) {
  Crew crew(std::make_unique<State>());
  State &state = *crew.state_;
  state.probe = &probe;
  state.netns = &netns;
  state.busy = cpus.size();
  state.results.resize(cpus.size());
  for (size_t i = 0; i < cpus.size(); ++i) {
    state.threads.emplace_back(&State::work, &state, i, cpus[i]);
  }
  SKLAB_CHECK(state.wait());
  return crew;
}

size_t Crew::size() const { return state_->threads.size(); }

Result<std::vector<BatchResult>> Crew::run(const std::vector<BatchRequest> &requests) {
  State &state = *state_;
  {
    const std::lock_guard lock(state.mutex);
    state.requests = requests;
    state.busy = requests.size();
    state.started = 0;
    ++state.generation;
    state.changed.notify_all();
  }
  SKLAB_CHECK(state.wait());
  std::vector<BatchResult> results;
  for (const Result<BatchResult> &result : state.results) results.push_back(*result);
  return results;
}

}  // namespace sklab
