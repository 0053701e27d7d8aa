// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <concepts>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace sklab {

// Writes records as JSON: numbers and strings as they are, enumerations by the name that `EnumName`
// gives them, containers by their elements, structs by the fields that visit_fields() shows.
template <typename EnumName>
struct JsonWriter {
  using Json = nlohmann::ordered_json;

  template <typename T>
  static Json write(const T &value) {
    if constexpr (std::is_arithmetic_v<T> || std::same_as<T, std::string>) {
      return value;
    } else if constexpr (std::is_enum_v<T>) {
      return EnumName{}(value);
    } else {
      Json object = Json::object();
      visit_fields(value,
                   [&](const char *name, const auto &field) { object[name] = write(field); });
      return object;
    }
  }
  template <typename T>
  static Json write(const std::vector<T> &values) {
    Json array = Json::array();
    for (const T &value : values) array.push_back(write(value));
    return array;
  }
  template <typename T>
  static Json write(const std::map<std::string, T> &values) {
    Json object = Json::object();
    for (const auto &[name, value] : values) object[name] = write(value);
    return object;
  }
  template <typename T>
  static Json write(const std::optional<T> &value) {
    return value ? write(*value) : Json();
  }
  template <typename... T>
  static Json write(const std::variant<T...> &value) {
    return std::visit([](const auto &one) { return write(one); }, value);
  }
};

// The record as a file of this schema version, for read_document() to read again.
template <typename EnumName, typename Record>
std::string write_document(int version, const Record &record) {
  using Json = nlohmann::ordered_json;
  Json document = {{"schema_version", version}};
  document.update(JsonWriter<EnumName>::write(record));
  // Command lines need not be UTF-8, and a run must not be lost for one.
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sklab
