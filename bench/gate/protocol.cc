// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/protocol.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

namespace sklab {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(LaneFacts, name, title, path, definition,
                                                is_empty_loop, ignores_key, wants_key_on,
                                                empty_loop, counts)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(GateRequest, what, group, rows, seed, batch_ns,
                                                lane, lookups, burn)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(GateReply, protocol, error, error_kind, failure,
                                                lanes, sklab_version, lookups, burn, latency_ns)

namespace {

constexpr int kForever = -1;

template <typename Message>
Result<> send_message(int socket, const Message &message) {
  const std::string text = nlohmann::json(message).dump();
  if (::send(socket, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size())) {
    return Ok{};
  }
  return fail("speak to the other process of a gate", {}, errno);
}

Result<> wait_for_message(int socket, int limit_ms) {
  pollfd waiting{.fd = socket, .events = POLLIN, .revents = 0};
  int found = 0;
  do {
    found = ::poll(&waiting, 1, limit_ms);
  } while (found < 0 && errno == EINTR);
  if (found > 0) return Ok{};
  return fail("wait for the other process of a gate", {}, found == 0 ? ETIMEDOUT : errno);
}

template <typename Message>
Result<Message> receive_message(int socket, int limit_ms) {
  SKLAB_CHECK(wait_for_message(socket, limit_ms));
  const ssize_t size = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC);
  if (size <= 0) {
    return fail("hear from the other process of a gate", {}, size == 0 ? ECONNRESET : errno);
  }
  std::string text(static_cast<size_t>(size), '\0');
  if (::recv(socket, text.data(), text.size(), 0) != size) {
    return fail("hear from the other process of a gate", {}, errno);
  }
  try {
    return nlohmann::json::parse(text).get<Message>();
  } catch (const nlohmann::json::exception &error) {
    return fail("understand the other process of a gate", {}, 0, error.what());
  }
}

}  // namespace

Result<std::pair<GateChannel, UniqueFd>> GateChannel::create() {
  std::array<int, 2> ends{};
  // Each message is one packet: nothing has to say where it ends.
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail("make a pair of sockets", {}, errno);
  }
  return std::pair{GateChannel(UniqueFd(ends[0])), UniqueFd(ends[1])};
}

Result<> GateChannel::send(const GateRequest &request) const {
  return send_message(socket_.get(), request);
}

Result<> GateChannel::send(const GateReply &reply) const {
  return send_message(socket_.get(), reply);
}

Result<GateRequest> GateChannel::receive_request() const {
  return receive_message<GateRequest>(socket_.get(), kForever);
}

Result<GateReply> GateChannel::receive_reply(double limit_s) const {
  return receive_message<GateReply>(socket_.get(), static_cast<int>(limit_s * 1e3));
}

}  // namespace sklab
