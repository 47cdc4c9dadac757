#pragma once

#include <utility>
#include <variant>

namespace archive {

/// Marks a failure when a function returns one: `return Failure{CitizenIdFault::length};`
template <class E>
struct Failure {
  E reason;
};
template <class E>
Failure(E) -> Failure<E>;

/// Either what was asked for, or the reason why it cannot be had.
///
/// For what goes wrong in a normal day (a torn scan, a misread number). A sick
/// machine throws ArchiveError instead, see core/error.h. Asking a failure for its
/// value, or a success for its error, is a bug in the program and throws
/// std::bad_variant_access. Member names follow std::expected, which g++ 12 lacks
/// in C++20.
template <class T, class E>
class [[nodiscard]] Result {
 public:
  // Both implicit, so that a function ends with `return value;` or `return Failure{...};`.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure<E> failure) : state_(std::in_place_index<1>, std::move(failure.reason)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  const T& value() const& { return std::get<0>(state_); }
  T& value() & { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  const E& error() const& { return std::get<1>(state_); }
  E&& error() && { return std::get<1>(std::move(state_)); }

  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, E> state_;
};

}  // namespace archive
