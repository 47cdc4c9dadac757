#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "config/forms.h"
#include "config/look_alikes.h"
#include "store/records/records.h"
#include "viewer/reading_room.h"

namespace archive {

/// A reading room and what goes with it, for one request.
struct Desk {
  Desk(const std::filesystem::path& archive, const FormCatalogue& catalogue,
       const LookAlikes& look_alikes)
      : room(archive), records(Records::open_reader(archive)) {
    room.use_labels_of(catalogue);
    room.use_look_alikes(look_alikes);
  }
  ReadingRoom room;
  Records records;  ///< a reader of its own, for what wants one to write to
};

/// Desks that are free: a request takes one and gives it back, whatever thread it is on.
class RoomPool {
 public:
  RoomPool(std::filesystem::path archive, const FormCatalogue& catalogue,
           const LookAlikes& look_alikes)
      : archive_(std::move(archive)), catalogue_(catalogue), look_alikes_(look_alikes) {}

  class Lent {
   public:
    Lent(RoomPool& pool, std::unique_ptr<Desk> desk) : pool_(pool), desk_(std::move(desk)) {}
    ~Lent() { pool_.take_back(std::move(desk_)); }
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    Desk& operator*() { return *desk_; }
    Desk* operator->() { return desk_.get(); }

   private:
    RoomPool& pool_;
    std::unique_ptr<Desk> desk_;
  };

  Lent lend() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto desk = std::move(free_.back());
        free_.pop_back();
        return {*this, std::move(desk)};
      }
    }
    return {*this, std::make_unique<Desk>(archive_, catalogue_, look_alikes_)};
  }

 private:
  void take_back(std::unique_ptr<Desk> desk) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(desk));
  }

  std::filesystem::path archive_;
  const FormCatalogue& catalogue_;
  const LookAlikes& look_alikes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Desk>> free_;  // guarded by mutex_
};

}  // namespace archive
