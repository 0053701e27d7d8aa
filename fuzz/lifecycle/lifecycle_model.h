// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What links, sockets and maps there are after some operations, by the rules: pure.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "fuzz/lifecycle/operation.h"
#include "harness/model/rules.h"

namespace sklab {

struct ModelSocket {
  OpenSocket state;
  size_t netns = 0;  // index of the namespace, not of its place
  bool open = true;
  // Sockets that lookups can find have one: the order in which they entered the hashtable.
  std::optional<size_t> hashed = std::nullopt;
};

struct ModelLink {
  size_t netns = 0;   // index of the namespace
  size_t number = 0;  // in its list of links
  bool open = true;
};

class LifecycleModel {
 public:
  // `rules` outlive it.
  explicit LifecycleModel(const Rules &rules);

  // Whether the operation can be made: what it names exists, and the rules say what comes of it.
  // What differs between kernels, or is left to chance, is not possible.
  [[nodiscard]] bool possible(const Operation &operation) const;

  // Makes a possible operation. `programs` are what lookups run.
  ExpectedResult apply(const Operation &operation, const ProgramTable &programs);

  // Where the namespace is, if it is still there.
  [[nodiscard]] std::optional<size_t> place_of(size_t netns) const;
  [[nodiscard]] bool netns_open(size_t place) const { return places_[place].has_value(); }
  // How many programs are attached there.
  [[nodiscard]] size_t attached(size_t place) const;
  [[nodiscard]] const std::map<size_t, ModelLink> &links() const { return links_; }
  [[nodiscard]] const std::map<size_t, ModelSocket> &sockets() const { return sockets_; }
  // By key; some may have been closed.
  [[nodiscard]] const std::map<uint32_t, size_t> &mapped(SocketMapKind map) const {
    return maps_[static_cast<size_t>(map)];
  }
  // Of the link, which may be attached no longer.
  [[nodiscard]] const LinkState &link_state(size_t link) const;

 private:
  struct Namespace {
    LinkList links;
    size_t made = 0;  // links
  };
  static constexpr unsigned kFirstGroup = 1;

  [[nodiscard]] size_t index_of(size_t place) const { return *places_[place]; }

  [[nodiscard]] const ModelSocket *open_socket(size_t number) const;
  [[nodiscard]] size_t count_open_sockets() const;
  [[nodiscard]] bool socket_possible(const Operation &operation) const;
  [[nodiscard]] bool may_bind(const ModelSocket &socket, const Endpoint &local) const;
  [[nodiscard]] bool may_connect(const ModelSocket &socket, const Endpoint &peer) const;
  [[nodiscard]] bool has_connection(size_t netns, const Packet &packet) const;
  [[nodiscard]] SocketSpec bound_spec(const ModelSocket &socket, const Endpoint &local) const;
  [[nodiscard]] int bind_error(const ModelSocket &socket, const OpenSocket &state) const;
  [[nodiscard]] bool is_mapped(size_t number) const;
  [[nodiscard]] Scenario population_of(size_t netns, std::vector<size_t> &numbers) const;
  [[nodiscard]] std::optional<size_t> socket_at(const ProgramStep::Source &source) const;
  [[nodiscard]] ScriptedProgram script_of(const NumberedProgram &program,
                                          const std::vector<size_t> &numbers) const;

  int attach(const Operation &operation);
  int update(const Operation &operation);
  void exit_netns(size_t place);
  [[nodiscard]] ExpectedResult query(const Operation &operation) const;
  [[nodiscard]] ExpectedResult link_info(size_t link) const;
  [[nodiscard]] ExpectedResult look_up(const Operation &operation,
                                       const ProgramTable &programs) const;
  ExpectedResult apply_to_sockets(const Operation &operation);
  int bind(ModelSocket &socket, const Endpoint &local);
  int listen(ModelSocket &socket);
  ExpectedResult establish(const Operation &operation);
  void hash(ModelSocket &socket);
  void close_socket(size_t number);
  int put(const Operation &operation);
  int erase(const Operation &operation);
  [[nodiscard]] ExpectedResult read(const Operation &operation) const;

  const Rules &rules_;
  std::deque<Namespace> namespaces_;
  std::array<std::optional<size_t>, kNetnsSlots> places_;
  std::map<size_t, ModelLink> links_;
  std::map<size_t, ModelSocket> sockets_;
  std::array<std::map<uint32_t, size_t>, 2> maps_;
  size_t hashed_ = 0;
  size_t netns_exits_ = 0;
};

}  // namespace sklab
