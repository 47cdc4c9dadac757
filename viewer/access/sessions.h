#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/page.h"
#include "core/rights.h"
#include "core/user.h"
#include "store/lifecycle/applicants.h"

namespace archive {

/// Why somebody looks (利用登记; R31, R54). Everything but the channel may be empty.
struct AccessPurpose {
  std::string channel;    ///< "counter", "self_service", "employer", "telephone"
  std::string purpose;    ///< id of config/domain/purposes.csv
  std::string applicant;  ///< who asked
  std::string agent;      ///< who asks for them, with a power of attorney
  std::string authority;  ///< of the agent: "DT43 page 12", or number and date of one shown
  std::string id_number;  ///< of the applicant, as the document of identity has it; never logged
  Applicant known;        ///< what the records know of the applicant
};

/// The entry of the access log that a page was opened with.
struct Opening {
  std::int64_t entry = 0;
  std::string at;  ///< ISO 8601 with zone
};

/// Somebody who signed in at a browser.
struct Session {
  std::string id;         ///< random, the cookie's value
  std::string csrf;       ///< what a request that changes something must carry
  std::int64_t serial = 0;  ///< counts the sessions of this server: what its log calls it
  UserNumber user = 0;
  std::string name;
  std::vector<std::string> posts;
  Powers powers;
  std::chrono::steady_clock::time_point checked;  ///< when user and posts were last looked up
  bool trained = true;  ///< the last security training holds (R12)
  std::optional<AccessPurpose> purpose;
  std::string pending_factor;     ///< a second factor that is shown and not yet confirmed
  std::map<PageNumber, Opening> opened;  ///< pages whose opening is in the access log
  std::set<PageNumber> refused;   ///< pages whose picture was refused, likewise
  std::set<PageNumber> revealed;  ///< pages whose protected values were asked for with a reason
  std::set<std::string> fields_opened;  ///< values at the review bench that are in the access log
  std::string agreement;  ///< of somebody from outside (外包); empty: of the office
  std::string co_signer;  ///< who of the office signs what somebody from outside changes (R51)
  std::chrono::steady_clock::time_point co_signed_until;

  /// Somebody from outside sees single values at the review bench, and no page.
  bool outside() const { return !agreement.empty(); }
  /// Who signs now; "" nobody.
  std::string signs() const {
    return std::chrono::steady_clock::now() < co_signed_until ? co_signer : std::string();
  }

  /// A name of a page that is good in this session only and cannot be guessed.
  std::string token_of(PageNumber page) const;
  std::optional<PageNumber> page_of(std::string_view token) const;
};

/// Sessions of a server, in memory: a restart signs everybody out. All members may be called from
/// any thread.
class Sessions {
 public:
  using Clock = std::chrono::steady_clock;
  struct Limits {
    std::chrono::minutes idle{30};
    std::chrono::minutes whole{600};
    std::size_t sessions_max = 10'000;
    int failures_max = 5;            ///< of one account, and ten times as many of one address
    std::chrono::minutes failures_forgotten{15};
  };
  explicit Sessions(Limits limits) : limits_(limits) {}
  Sessions() : Sessions(Limits{}) {}

  /// Opens one; its id and csrf are made here.
  Session open(Session session);
  /// Nothing when there is none, or its time is over. Counts as use.
  std::optional<Session> find(std::string_view id);
  /// Whether it is still open; no use of it.
  bool lives(std::string_view id) const;
  void change(const std::string& id, const std::function<void(Session&)>& how);
  void close(std::string_view id);
  /// Ends every session of a user whose rights changed or who was ended.
  void close_all_of(UserNumber user);
  std::size_t size() const;
  std::chrono::seconds idle_limit() const { return limits_.idle; }

  /// How long this account and this address have to wait before the next try; 0: not at all.
  std::chrono::seconds must_wait(const std::string& account, const std::string& address);
  void note_failure(const std::string& account, const std::string& address);
  void forget_failures(const std::string& account);

 private:
  struct Kept {
    Session session;
    Clock::time_point opened, used;
  };
  struct Failures {
    int count = 0;
    Clock::time_point last;
  };
  void drop_old();
  std::chrono::seconds wait_of(const std::string& key, int most);

  Limits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, Kept, std::less<>> sessions_;    // guarded by mutex_
  std::int64_t opened_ = 0;                              // guarded by mutex_; so many ever
  std::map<std::string, Failures, std::less<>> failed_;  // guarded by mutex_; bounded
};

}  // namespace archive
