#include "viewer/access/sessions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "store/objects/digest.h"
#include "store/sealing/cipher.h"

namespace archive {
namespace {

constexpr std::size_t kTokenDigits = 32;  // 128 bits
constexpr std::size_t kFailuresRemembered = 100'000;
constexpr int kAddressFactor = 10;

std::string random_digits() {
  std::array<std::byte, 32> bytes{};
  random_bytes(bytes);
  return hex_of(bytes);
}

std::string seal_of(const Session& session, PageNumber page) {
  const auto key = Secret::parse(session.id);
  const Digest seal = hmac_of(*key, "page " + std::to_string(page));
  return hex_of(seal).substr(0, kTokenDigits);
}

/// Equal in a time that says nothing about where they differ.
bool same(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return difference == 0;
}

}  // namespace

std::string Session::token_of(PageNumber page) const {
  return std::to_string(page) + "-" + seal_of(*this, page);
}

std::optional<PageNumber> Session::page_of(std::string_view token) const {
  const std::size_t dash = token.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  PageNumber page = 0;
  const char* end = token.data() + dash;
  const auto [rest, error] = std::from_chars(token.data(), end, page);
  if (error != std::errc{} || rest != end || page <= 0) return std::nullopt;
  if (!same(token.substr(dash + 1), seal_of(*this, page))) return std::nullopt;
  return page;
}

Session Sessions::open(Session session) {
  session.id = random_digits();
  session.csrf = random_digits();
  const auto now = Clock::now();
  const std::lock_guard lock(mutex_);
  drop_old();
  session.serial = ++opened_;
  if (sessions_.size() >= limits_.sessions_max) {
    // Whoever was silent longest makes room.
    sessions_.erase(std::ranges::min_element(
        sessions_, {}, [](const auto& one) { return one.second.used; }));
  }
  sessions_.emplace(session.id, Kept{session, now, now});
  return session;
}

void Sessions::drop_old() {
  const auto now = Clock::now();
  std::erase_if(sessions_, [&](const auto& one) {
    return now - one.second.used >= limits_.idle || now - one.second.opened >= limits_.whole;
  });
}

std::optional<Session> Sessions::find(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return std::nullopt;
  const auto now = Clock::now();
  Kept& kept = found->second;
  if (now - kept.used >= limits_.idle || now - kept.opened >= limits_.whole) {
    sessions_.erase(found);
    return std::nullopt;
  }
  kept.used = now;
  return kept.session;
}

bool Sessions::lives(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(id);
  const auto now = Clock::now();
  return found != sessions_.end() && now - found->second.used < limits_.idle &&
         now - found->second.opened < limits_.whole;
}

void Sessions::change(const std::string& id, const std::function<void(Session&)>& how) {
  const std::lock_guard lock(mutex_);
  if (const auto found = sessions_.find(id); found != sessions_.end()) how(found->second.session);
}

void Sessions::close(std::string_view id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = sessions_.find(id); found != sessions_.end()) sessions_.erase(found);
}

void Sessions::close_all_of(UserNumber user) {
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [user](const auto& one) { return one.second.session.user == user; });
}

std::size_t Sessions::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

std::chrono::seconds Sessions::wait_of(const std::string& key, int most) {
  const auto found = failed_.find(key);
  if (found == failed_.end()) return std::chrono::seconds(0);
  const auto since = Clock::now() - found->second.last;
  if (since >= limits_.failures_forgotten) {
    failed_.erase(found);
    return std::chrono::seconds(0);
  }
  if (found->second.count < most) return std::chrono::seconds(0);
  return std::chrono::ceil<std::chrono::seconds>(limits_.failures_forgotten - since);
}

std::chrono::seconds Sessions::must_wait(const std::string& account, const std::string& address) {
  const std::lock_guard lock(mutex_);
  return std::max(wait_of("account " + account, limits_.failures_max),
                  wait_of("address " + address, limits_.failures_max * kAddressFactor));
}

void Sessions::note_failure(const std::string& account, const std::string& address) {
  const std::lock_guard lock(mutex_);
  if (failed_.size() >= kFailuresRemembered) failed_.clear();
  for (const std::string& key : {"account " + account, "address " + address}) {
    Failures& failures = failed_[key];
    ++failures.count;
    failures.last = Clock::now();
  }
}

void Sessions::forget_failures(const std::string& account) {
  const std::lock_guard lock(mutex_);
  failed_.erase("account " + account);
}

}  // namespace archive
