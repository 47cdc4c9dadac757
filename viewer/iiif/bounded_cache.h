#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace archive {

/// Things that are dear to make, kept while they are among the last ones used and fit into so many
/// bytes. What is made for one caller is waited for by others who want the same. From any thread.
template <class Key, class Value>
class BoundedCache {
 public:
  using Kept = std::shared_ptr<const Value>;

  explicit BoundedCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// `make` returns the value and how many bytes it takes; what it throws, every caller that waited
  /// gets, and nothing is kept.
  Kept get(const Key& key, const std::function<std::pair<Kept, std::size_t>()>& make) {
    std::shared_ptr<Place> place;
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = places_.find(key); found != places_.end()) {
        place = found->second;
        order_.splice(order_.end(), order_, place->at);
      } else {
        place = std::make_shared<Place>();
        place->at = order_.insert(order_.end(), key);
        places_.emplace(key, place);
      }
    }
    const std::lock_guard making(place->mutex);
    if (place->value) return place->value;
    try {
      auto [value, bytes] = make();
      place->value = std::move(value);
      const std::lock_guard lock(mutex_);
      place->bytes = bytes;
      bytes_ += bytes;
      make_room(place);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (const auto found = places_.find(key);
          found != places_.end() && found->second == place) {
        order_.erase(place->at);
        places_.erase(found);
      }
      throw;
    }
    return place->value;
  }

  std::size_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  struct Place {
    std::mutex mutex;  // held while the value is made
    Kept value;
    std::size_t bytes = 0;               // guarded by mutex_ of the cache
    typename std::list<Key>::iterator at;  // likewise
  };

  void make_room(const std::shared_ptr<Place>& newest) {
    auto oldest = order_.begin();
    while (bytes_ > bytes_max_ && oldest != order_.end()) {
      const auto found = places_.find(*oldest);
      // One that is being made has no bytes yet.
      if (found->second == newest || found->second->bytes == 0) {
        ++oldest;
        continue;
      }
      bytes_ -= found->second->bytes;
      oldest = order_.erase(oldest);
      places_.erase(found);
    }
  }

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::map<Key, std::shared_ptr<Place>> places_;  // guarded by mutex_
  std::list<Key> order_;                          // guarded by mutex_; the newest last
  std::size_t bytes_ = 0;                         // guarded by mutex_
};

}  // namespace archive
