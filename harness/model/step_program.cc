// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/step_program.h"

#include <algorithm>

#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// Of every kind that bpf_sk_assign tells apart.
constexpr std::string_view kStepSockets =
    "scenario 1\ndialect pass_drop\n"
    "socket udp4 udp4 127.0.0.1:7001\n"
    "socket tcp4 tcp4 127.0.0.1:7002\n"
    "socket udp6 udp6 [fd00::1]:7003\n"
    "socket tcp6 tcp6 [fd00::1]:7004\n"
    "socket udp_dual udp6 [::]:7005\n"
    "socket tcp_dual tcp6 [::]:7006\n"
    "socket connected udp4 127.0.0.1:7007 peer=127.0.0.9:4001\n"
    "socket established tcp4 127.0.0.1:7008 peer=127.0.0.9:4002\n"
    "socket group udp4 127.0.0.1:7009 reuseport=1\n"
    "packet udp4 127.0.0.9:4000 -> 127.0.0.1:7001\n";

// For every step, whether another one leads to it.
std::vector<bool> reached_steps(const std::vector<Step> &steps) {
  std::vector<bool> reached(steps.size() + 1, false);
  reached[0] = true;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (!reached[i]) continue;
    if (steps[i].kind == StepKind::kIf) reached[i + 1 + steps[i].length] = true;
    if (steps[i].kind != StepKind::kReturn) reached[i + 1] = true;
  }
  return reached;
}

void limit_branches(std::vector<Step> &steps) {
  size_t branches = 0;
  std::erase_if(
      steps, [&](const Step &step) { return step.kind == StepKind::kIf && ++branches > kMostIfs; });
  for (size_t i = 0; i < steps.size(); ++i) {
    const size_t left = steps.size() - i - 1;
    if (steps[i].kind != StepKind::kIf) steps[i].length = 0;
    steps[i].length = static_cast<uint8_t>(std::min<size_t>(steps[i].length, left));
  }
}

}  // namespace

void remove_step(std::vector<Step> &steps, size_t removed) {
  for (size_t i = 0; i < removed; ++i) {
    if (i + steps[i].length >= removed) --steps[i].length;
  }
  steps.erase(steps.begin() + static_cast<ptrdiff_t>(removed));
}

void complete_program(StepProgram &program) {
  std::vector<Step> &steps = program.steps;
  if (steps.size() > kMostSteps) steps.resize(kMostSteps);
  limit_branches(steps);
  const std::vector<bool> reached = reached_steps(steps);
  for (size_t i = steps.size(); i-- > 0;) {
    if (!reached[i]) remove_step(steps, i);
  }
  if (!reached.back()) return;
  Step pass;
  pass.value = kSkPass;
  steps.push_back(pass);
}

const std::vector<SocketSpec> &step_sockets() {
  static const std::vector<SocketSpec> sockets = parse_scenario(kStepSockets).value().sockets;
  return sockets;
}

}  // namespace sklab
