// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/exchange.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>
#include <utility>

#include "harness/kernel/socket_address.h"
#include "harness/path/local_sender.h"

namespace sklab {
namespace {

constexpr int kPatienceMs = 1000;
// What a CPU sends into a veth pair it receives before the call returns, but when a thread of the
// kernel's was asked to help with softirqs: then so many tries are over before it has done so.
constexpr int kTries = 1000;
constexpr uint16_t kTcpPorts = 20000;  // that connections come from in turn

// Until `attempt` says something else than EAGAIN, a second at most.
template <typename Attempt>
Result<ssize_t> persist(int fd, const char *what, const Endpoint &destination, Attempt attempt) {
  for (int i = 0;; ++i) {
    const ssize_t done = attempt();
    if (done >= 0) return done;
    if (errno != EAGAIN) return fail(what, "from " + destination.text(), errno);
    if (i < kTries) continue;
    pollfd ready{fd, POLLIN, 0};
    if (::poll(&ready, 1, kPatienceMs) > 0) continue;
    if (errno == EINTR) return fail(what, "", EINTR, "interrupted");
    return fail_as(ErrorKind::kMismatch, what, "for " + destination.text(), ETIMEDOUT,
                   "it did not come to the socket that it has to");
  }
}

bool is_ready(int fd) {
  pollfd ready{fd, POLLIN, 0};
  return ::poll(&ready, 1, 0) > 0;
}

struct Target {
  SocketAddress address;
  Endpoint destination;
  int server_fd;
};

std::vector<Target> resolve(const std::vector<ExchangeTarget> &targets) {
  std::vector<Target> resolved;
  resolved.reserve(targets.size());
  for (const ExchangeTarget &one : targets) {
    resolved.push_back({SocketAddress(one.destination, one.destination.address.family),
                        one.destination, one.server_fd});
  }
  return resolved;
}

// A number goes there and back.
class UdpExchange final : public Exchange {
 public:
  UdpExchange(UniqueFd client, std::vector<Target> targets)
      : client_(std::move(client)), targets_(std::move(targets)) {}

  Result<> prepare() override {
    next_ = next_ + 1 == targets_.size() ? 0 : next_ + 1;
    ++number_;
    return Ok{};
  }

  Result<> perform() override {
    const Target &target = targets_[next_];
    if (::sendto(client_.get(), &number_, sizeof(number_), 0, target.address.get(),
                 target.address.size()) < 0) {
      return fail("send a request to", target.destination.text(), errno);
    }
    sockaddr_storage peer;
    socklen_t peer_size = sizeof(peer);
    auto *from = reinterpret_cast<sockaddr *>(&peer);
    SKLAB_CHECK(persist(target.server_fd, "receive a request", target.destination, [&] {
      return ::recvfrom(target.server_fd, &request_, sizeof(request_), MSG_DONTWAIT, from,
                        &peer_size);
    }));
    if (::sendto(target.server_fd, &request_, sizeof(request_), 0, from, peer_size) < 0) {
      return fail("answer a request to", target.destination.text(), errno);
    }
    SKLAB_CHECK(persist(client_.get(), "receive an answer", target.destination, [&] {
      return ::recv(client_.get(), &answer_, sizeof(answer_), MSG_DONTWAIT);
    }));
    return Ok{};
  }

  Result<> finish() override {
    if (request_ == number_ && answer_ == number_) return Ok{};
    return fail_as(ErrorKind::kMismatch, "see a request answered:",
                   "number " + std::to_string(number_) + " came as " + std::to_string(request_) +
                       " and back as " + std::to_string(answer_));
  }

 private:
  UniqueFd client_;
  std::vector<Target> targets_;
  size_t next_ = 0;
  uint64_t number_ = 0;
  uint64_t request_ = 0;
  uint64_t answer_ = 0;
};

uint16_t port_of(const sockaddr_storage &address) {
  return ntohs(address.ss_family == AF_INET
                   ? reinterpret_cast<const sockaddr_in &>(address).sin_port
                   : reinterpret_cast<const sockaddr_in6 &>(address).sin6_port);
}

// A connection, from connect() until accept() has it. It ends by a reset, so that no side has to
// remember it.
class TcpExchange final : public Exchange {
 public:
  TcpExchange(const Endpoint &client, std::vector<Target> targets)
      : client_(client), targets_(std::move(targets)) {}

  Result<> prepare() override {
    next_ = next_ + 1 == targets_.size() ? 0 : next_ + 1;
    port_ = static_cast<uint16_t>(client_.port + ++number_ % kTcpPorts);
    SKLAB_TRY(connecting_, open_local_socket(Protocol::kTcp, {client_.address, port_}));
    const linger reset{1, 0};
    if (::setsockopt(connecting_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) != 0) {
      return fail("set", "SO_LINGER", errno);
    }
    if (::fcntl(connecting_.get(), F_SETFL, O_NONBLOCK) != 0) {
      return fail("set", "O_NONBLOCK", errno);
    }
    return Ok{};
  }

  Result<> perform() override {
    const Target &target = targets_[next_];
    if (::connect(connecting_.get(), target.address.get(), target.address.size()) != 0 &&
        errno != EINPROGRESS) {
      return fail("connect to", target.destination.text(), errno);
    }
    socklen_t peer_size = sizeof(peer_);
    SKLAB_TRY(const ssize_t accepted,
              persist(target.server_fd, "accept a connection", target.destination, [&] {
                return ::accept4(target.server_fd, reinterpret_cast<sockaddr *>(&peer_), &peer_size,
                                 SOCK_CLOEXEC);
              }));
    accepted_.reset(static_cast<int>(accepted));
    return Ok{};
  }

  Result<> finish() override {
    connecting_.reset();
    accepted_.reset();
    if (port_of(peer_) == port_) return Ok{};
    return fail_as(
        ErrorKind::kMismatch, "accept a connection from",
        "port " + std::to_string(port_) + ": it is from port " + std::to_string(port_of(peer_)));
  }

 private:
  Endpoint client_;
  std::vector<Target> targets_;
  size_t next_ = 0;
  uint64_t number_ = 0;
  uint16_t port_ = 0;
  UniqueFd connecting_;
  UniqueFd accepted_;
  sockaddr_storage peer_{};
};

}  // namespace

Result<std::unique_ptr<Exchange>> make_exchange(Protocol protocol, const Endpoint &client,
                                                const std::vector<ExchangeTarget> &targets) {
  if (protocol == Protocol::kUdp) {
    SKLAB_TRY(UniqueFd fd, open_local_socket(protocol, client));
    return std::make_unique<UdpExchange>(std::move(fd), resolve(targets));
  }
  for (const ExchangeTarget &target : targets) {
    if (::fcntl(target.server_fd, F_SETFL, O_NONBLOCK) != 0) {
      return fail("set", "O_NONBLOCK", errno);
    }
  }
  return std::make_unique<TcpExchange>(client, resolve(targets));
}

void discard_requests(const SocketSet &servers, Protocol protocol) {
  for (size_t i = 0; i < servers.size(); ++i) {
    const int fd = servers.fd(i);
    while (fd >= 0 && is_ready(fd)) {
      char byte = 0;
      const bool taken = protocol == Protocol::kTcp
                             ? UniqueFd(::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC)).valid()
                             : ::recv(fd, &byte, sizeof(byte), MSG_DONTWAIT) >= 0;
      if (!taken) break;
    }
  }
}

}  // namespace sklab
