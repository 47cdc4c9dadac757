#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/arrangement.h"
#include "core/catalogue.h"
#include "core/comparison_list.h"
#include "core/custody.h"
#include "core/facts.h"
#include "core/ledger.h"
#include "core/package.h"
#include "core/records.h"
#include "core/voucher.h"
#include "store/ledger/head_log.h"
#include "store/records/claim.h"

namespace archive {

class Database;
class WriterLock;

/// The records of an archive: batches, sources, pages, fields, items, dossiers,
/// persons, and the list of objects they refer to.
///
/// Every public member is one transaction, durable when it returns (SQLite: WAL with
/// synchronous=FULL, asserted when opened), so that killing the program between two
/// calls leaves nothing half done. One writer: create() and open_writer() take a lock
/// file and throw ArchiveError{archive_locked} when another process has it. Readers
/// (open_reader), and short changes of persons (open_beside), work beside the writer.
///
/// Every change is an entry of the ledger (docs/STORE_FORMAT.md): in whose name, and how each row
/// changed. Signed heads are kept in the archive's folder `ledger` and outside it.
///
/// Not thread-safe: one object for each thread, or one serial stage.
class Records {
 public:
  /// In whose name a writer writes, and where the ledger's signatures go.
  struct Writing {
    Acting acting;
    /// What they may not do throws ArchiveError{forbidden} and is noted. Nothing: nobody is asked.
    std::optional<Claim> claim;
    std::optional<Identity> identity;             ///< instead of a claim: proved already
    std::filesystem::path key_file;               ///< empty: ledger/signing.key in the archive
    std::vector<std::filesystem::path> heads_to;  ///< folders outside the archive
    /// Made anew where they are not there, though the ledger has begun, by whoever may operate.
    LostOfLedger lost = LostOfLedger::nothing;
  };

  /// Makes a new database with the newest schema. Throws ArchiveError{usage} when one is
  /// there. A kill leaves either all of it or nothing.
  static Records create(const std::filesystem::path& archive_folder, const Writing& how);
  static Records create(const std::filesystem::path& archive_folder) {
    return create(archive_folder, {});
  }
  /// Applies missing migrations; throws ArchiveError{archive_foreign} for a schema
  /// newer than this program, {archive_missing} when there is none.
  static Records open_writer(const std::filesystem::path& archive_folder, const Writing& how);
  static Records open_writer(const std::filesystem::path& archive_folder) {
    return open_writer(archive_folder, {});
  }
  static Records open_reader(const std::filesystem::path& archive_folder);
  /// For short changes, between the transactions of whoever has the lock, who signs them too.
  /// Throws ArchiveError{archive_foreign, records} for another schema, {damage} as open_writer().
  static Records open_beside(const std::filesystem::path& archive_folder, const Writing& how);
  /// All that `changes` does becomes one transaction; each part of it still asks for its right.
  void together(const std::function<void()>& changes);
  /// Applies missing migrations, as open_writer() does, and takes the lock only when there are.
  static void upgrade(const std::filesystem::path& archive_folder, const Writing& how);

  Records(Records&&) noexcept;
  Records& operator=(Records&&) noexcept;
  ~Records();

  // -- Batches -------------------------------------------------------------

  /// The batch with this key, made when it is new. What `stated` leaves open stays as an
  /// earlier job sheet stated it. A closed batch stays closed until something new
  /// is delivered to it (add_source, set_source_pages) or its job sheet is corrected: its
  /// count is then to be compared again.
  BatchRecord open_batch(const std::string& key, const std::string& name, const JobSheet& stated);
  void close_batch(BatchNumber batch, BatchState state, const std::string& held_reason,
                   const std::optional<BlobId>& report);
  std::optional<BatchRecord> batch(BatchNumber number) const;
  /// The batch with this key, else the newest of this name, else the one of this number.
  std::optional<BatchRecord> batch_named(std::string_view key_name_or_number) const;
  std::vector<BatchRecord> batches() const;
  BatchCounts counts(BatchNumber batch) const;
  BatchCounts counts() const;  ///< of the whole archive

  /// A source whose pages are not all accounted for: neither filed nor set aside, or
  /// more of them than the file has. A closed batch must have none.
  struct SourceGap {
    SourceNumber source = 0;
    int pages = 0;    ///< as the file says; -1: never found out
    int records = 0;  ///< filed or set aside
  };
  std::vector<SourceGap> gaps(BatchNumber batch) const;

  // -- Sources -------------------------------------------------------------

  /// Records a delivered file. The same name with the same bytes in the same batch is
  /// a rerun and gives the number it had. So is a name whose bytes could not be read
  /// before: it gets them now, keeps its number, and its page is to be done (pages_done).
  /// If the batch has these bytes under this name as well, the one without is withdrawn.
  /// Anything else is a new delivery.
  SourceRecord add_source(const SourceRecord& source);
  /// What comes later in the batch makes room for pages that nobody knew of.
  void set_source_pages(SourceNumber source, int pages, const std::vector<std::string>& warnings);
  std::vector<SourceRecord> sources(BatchNumber batch) const;
  std::optional<SourceRecord> source(SourceNumber number) const;
  /// The next free order in a batch: pages of later sources come after it.
  std::int64_t next_order(BatchNumber batch) const;

  // -- Pages ---------------------------------------------------------------

  /// Files or sets aside one page occurrence with all its fields, and lists the
  /// objects it refers to. An occurrence that has a record already is replaced
  /// (same number): values and types that a person decided stay, unless this record
  /// brings a newer decision of a person (store/records/decisions.h). What persons typed stays
  /// beside it. Number, dossier, item and typed values in `page` are not looked at. An empty
  /// filed_at becomes now. The reading that is replaced stays as one of readings(), and its batch
  /// is to be assembled again. Throws std::invalid_argument for a value without a place on
  /// the page (R24).
  PageNumber put_page(const PageRecord& page);
  /// The earlier readings of a page, oldest first.
  std::vector<ReadingRecord> readings(PageNumber page) const;
  /// The pages of a source that have a record, as page_in_file. Not those that were set
  /// aside for want of the bytes that the source has by now.
  std::set<int> pages_done(SourceNumber source) const;
  std::optional<PageRecord> page(PageNumber number) const;
  std::vector<PageRecord> pages(BatchNumber batch) const;                 ///< in delivered order
  std::vector<PageRecord> pages_of_dossier(DossierNumber dossier) const;  ///< in its order
  /// Pages in whose place one of this dossier stands.
  std::vector<PageRecord> pages_replaced_in(DossierNumber dossier) const;
  std::vector<PageRecord> pages_of_item(ItemNumber item) const;  ///< in the order of the item
  /// Every page of the archive in number order, one at a time: memory is bounded.
  void for_each_page(const std::function<void(const PageRecord&)>& visit) const;

  /// Pages whose record changed after they were last put into the index.
  std::vector<PageNumber> pages_to_index(std::size_t at_most) const;
  /// The pages were put into the index as put_page() or pages_to_index() of this object
  /// last had them: one that was changed since then (assemble) is still to be indexed.
  void mark_indexed(const std::vector<PageNumber>& pages);
  void mark_all_unindexed();

  // -- Assembly ------------------------------------------------------------

  /// Replaces the dossiers, items and person links of a batch by these, keeping the
  /// numbers of dossiers with the same key, of items with the same identity (ItemRecord::key) and
  /// of their persons. `dossier.items` come with them. Pages that changed by it are indexed
  /// again. Persons are one when their citizen numbers are; a name without a number is
  /// somebody of that dossier alone.
  /// Throws std::invalid_argument for a page of another batch or of two dossiers, and for
  /// an item that is not listed.
  struct AssembledPage {
    PageNumber page = 0;
    int item_sequence = 0;  ///< 0: belongs to the dossier but to no item
    std::int64_t page_of_item = 0;
    bool kept = false;  ///< it was to lie in another dossier and may not leave this one
  };
  struct PersonMention {
    PageNumber page = 0;
    std::string name;
    std::string citizen_id;  ///< valid or empty
    std::string role;        ///< "holder", "row", "claimant"
    /// The decision by which he is another than the others of his name; 0: none.
    ArrangementNumber apart = 0;
  };
  struct AssembledDossier {
    DossierRecord dossier;
    std::vector<AssembledPage> pages;
    std::vector<PersonMention> mentions;
    DossierFacts facts;                      ///< what rules see of it; its number is not looked at
    std::vector<VoucherFact> vouchers = {};  ///< of these facts; their dossier is not looked at
  };
  /// A batch put together, with what became of the decisions of persons about its structure.
  struct Assembled {
    std::vector<AssembledDossier> dossiers;  ///< their pages in the order of the dossier
    /// Pages in whose place another stands; they are in no dossier.
    std::map<PageNumber, PageNumber> replaced = {};
    /// Keys of dossiers that lost their pages by a decision, and of those that have them.
    std::map<std::string, std::string> merged = {};
    /// Decisions that cannot be followed, and why (kArrangementConflicts).
    std::map<ArrangementNumber, std::string> conflicts = {};
  };
  /// A dossier whose vouchers changed makes those that bear one of their numbers be checked again.
  void assemble(BatchNumber batch, const Assembled& assembled);
  void assemble(BatchNumber batch, const std::vector<AssembledDossier>& dossiers) {
    assemble(batch, Assembled{dossiers});
  }

  // -- Structure ------------------------------------------------------------

  /// A person's decision about the structure (core/arrangement.h): one event with what was before
  /// and what is after. `file`, if any, files the pages that it brings and adds their numbers;
  /// `change` gets the decision with its number and puts the batch together again. All of that is
  /// one transaction: when one of them throws, nothing was done.
  /// Throws std::invalid_argument without a reason or a name.
  ArrangementNumber arrange(Arrangement decision, const std::function<void(Arrangement&)>& file,
                            const std::function<void(const Arrangement&)>& change);
  /// Takes one back: it is ended, never removed. The rest as above.
  void end_arrangement(ArrangementNumber number, const std::string& reason, const std::string& who,
                       const std::function<void(const Arrangement&)>& change);
  /// All decisions about a batch in their order, ended ones too.
  std::vector<Arrangement> arrangements(BatchNumber batch) const;
  std::optional<Arrangement> arrangement(ArrangementNumber number) const;
  /// The decision by which another page stands in the place of this one.
  std::optional<Arrangement> replacement_of(PageNumber page) const;
  /// What persons decided about the reading of a page is forgotten, so that the next put_page()
  /// brings what the machine says. For a decision that is taken back.
  void forget_reading_decisions(PageNumber page);

  /// The batches of which pages were read again since they were last assembled.
  std::vector<BatchNumber> batches_to_assemble() const;

  std::optional<DossierRecord> dossier(DossierNumber number) const;
  std::optional<ItemRecord> item(ItemNumber number) const;
  std::vector<DossierRecord> dossiers(BatchNumber batch) const;
  /// The numbers of all dossiers with this archive number; none for an empty one.
  std::vector<DossierNumber> dossiers_numbered(std::string_view dossier_no) const;
  std::vector<PersonRecord> persons_of_page(PageNumber page) const;
  std::vector<PersonRecord> persons_of_dossier(DossierNumber dossier) const;

  // -- Persons across dossiers ----------------------------------------------

  std::optional<PersonRecord> person(PersonNumber number) const;
  std::optional<PersonRecord> person_with_id(std::string_view citizen_id) const;
  /// Everybody without a number who has this name, by dossier.
  std::vector<PersonRecord> persons_without_id(std::string_view name) const;
  /// The pages that name a person, by dossier and order.
  std::vector<PersonPageRecord> pages_of_person(PersonNumber person) const;

  /// Somebody without a number is the person with this one, because a person says so; an earlier
  /// decision about him is replaced. No page and no value is changed, and putting the batch
  /// together again loses nothing. Throws std::invalid_argument for an empty reason or name, for a
  /// person who is not there or has a number of his own, and for a number that no person has.
  void join_person(PersonNumber person, std::string_view citizen_id, const std::string& reason,
                   const std::string& who);
  /// Takes that back. False when nothing was decided about him.
  bool part_person(PersonNumber person, const std::string& who);
  /// Those that are joined to a number, by dossier and name.
  std::vector<PersonJoinRecord> joined_to(std::string_view citizen_id) const;
  /// What was decided about somebody without a number.
  std::optional<PersonJoinRecord> join_of(PersonNumber person) const;

  // -- Checks --------------------------------------------------------------

  /// A dossier whose facts changed after it was last checked, or that was checked with other
  /// tables.
  struct UncheckedDossier {
    DossierNumber number = 0;
    std::int64_t revision = 0;
    std::string facts;  ///< facts_bytes()
  };
  /// The next of them after `after` in number order; of a batch, or of all for 0. Those of another
  /// category (JobSheet::category) are never checked.
  std::vector<UncheckedDossier> dossiers_to_check(std::string_view tables_version,
                                                  BatchNumber batch, DossierNumber after,
                                                  std::size_t at_most) const;
  /// What rules see of a dossier; nothing when it was not put together yet.
  std::optional<DossierFacts> facts(DossierNumber dossier) const;

  /// The vouchers of other dossiers that have the number of one of this dossier's, at most so many
  /// for each number, by number and dossier.
  std::vector<VoucherFact> vouchers_elsewhere(DossierNumber dossier, int at_most) const;

  struct CheckedDossier {
    DossierNumber number = 0;
    std::int64_t revision = 0;  ///< of the facts that were checked
    std::vector<Finding> findings;
  };
  /// What was found in these dossiers is exactly this. Findings that were there stay with their
  /// number and what a person decided; those that are not made again are gone.
  void put_findings(const std::vector<CheckedDossier>& checked, std::string_view tables_version);
  /// The findings on a dossier that are not gone, as the rules made them.
  std::vector<FindingRecord> findings(DossierNumber dossier) const;
  /// Also one that is gone.
  std::optional<FindingRecord> finding(FindingNumber number) const;
  /// A person's decision, or `open` again. Throws std::invalid_argument for an empty reason or
  /// name, and for a number that is not there.
  void decide_finding(FindingNumber number, FindingState state, const std::string& reason,
                      const std::string& who);
  /// Findings of a batch, or of the whole archive for 0, by rule, severity and state.
  struct FindingCount {
    std::string rule;
    Severity severity = Severity::warn;
    FindingState state = FindingState::open;
    std::int64_t findings = 0;
    std::int64_t dossiers = 0;
  };
  std::vector<FindingCount> finding_counts(BatchNumber batch) const;

  // -- Values that persons typed ---------------------------------------------

  /// Keeps what a person says a field of a page holds, from now on (PageRecord::typed); `number`
  /// and times are not looked at. What the person said of this field before ends. The page is
  /// indexed and its batch put together again.
  /// Throws std::invalid_argument without a name, for a region that is not on the page's picture,
  /// for a confirmation of what is not there, has another value or is the person's own, and for an
  /// item that is approved: that is corrected (store/lifecycle/reviews.h).
  TypedNumber put_typed_value(PageNumber page, const TypedValue& typed);
  /// Ends what a person said of a field; refuses an approved item alike. False: nothing was there.
  bool end_typed_value(PageNumber page, const std::string& field, int row,
                       const std::string& person);

  // -- Acceptance -----------------------------------------------------------

  /// Keeps a sample that was drawn; its time is now. Throws std::invalid_argument when an earlier
  /// sample of the batch is still open, or without a name.
  AcceptanceNumber put_acceptance(const AcceptanceRecord& drawn);
  /// What a person found wrong with a drawn page; an empty fault takes it back. Throws
  /// std::invalid_argument when the page is not in the sample, or the sample is closed.
  void note_fault(AcceptanceNumber number, PageNumber page, const std::string& fault,
                  const std::string& who);
  /// Closes a sample with the machine's faults in `closed.sample` and the verdict.
  void close_acceptance(const AcceptanceRecord& closed);
  /// Samples of a batch, oldest first.
  std::vector<AcceptanceRecord> acceptances(BatchNumber batch) const;

  // -- The office's catalogue -----------------------------------------------

  /// Keeps these items in place of those that their volumes had; the volumes are put together
  /// again. Throws SqlError{unique} when a number of an item belongs to another volume.
  void put_catalogue(const std::vector<CatalogueEntry>& entries, const std::string& who);
  /// By volume and sequence.
  std::vector<CatalogueEntry> catalogue() const;
  std::vector<CatalogueEntry> catalogue_of(std::string_view dossier_no) const;
  /// The number of the volume that has this item, or empty.
  std::string volume_with_item(std::string_view item_no) const;

  // -- Packages ---------------------------------------------------------------

  /// Enters a package into the register; its time is now, its state `handing_over`. Throws
  /// std::invalid_argument without recipient, purpose, legal basis or name (R14).
  PackageNumber put_package(const PackageRecord& package);
  /// Ends a hand-over. Throws std::invalid_argument without a name, and for a package that is not
  /// there or was settled before.
  void settle_package(PackageNumber number, PackageState state, const std::string& reason,
                      const std::string& who);
  /// A package that came and was not taken in. `why` is a stable word.
  void note_refused_package(const std::string& manifest, const std::string& why);
  std::vector<PackageRecord> packages() const;
  std::optional<PackageRecord> package(PackageNumber number) const;
  std::optional<PackageRecord> received_package(const std::string& manifest) const;
  std::optional<PackageRecord> package_of_batch(BatchNumber batch) const;
  /// Those that were made of a dossier, oldest first.
  std::vector<PackageRecord> packages_with(DossierNumber dossier) const;

  // -- Comparison lists -----------------------------------------------------

  /// Keeps a list in place of the one with its name; every dossier is checked again. Its time is
  /// now, its number of records that of `records`.
  void put_list(const ComparisonListRecord& list, const std::vector<ListedRecord>& records);
  /// False when there is no list of that name.
  bool drop_list(const std::string& name);
  std::vector<ComparisonListRecord> lists() const;
  /// What the lists say about a person or an employer.
  std::vector<ListedRecord> listed(std::string_view key) const;

  // -- Objects -------------------------------------------------------------

  /// Every object the records refer to, with what for ("source", "layout", "alto",
  /// "report", "acceptance", "list", and "earlier layout" and "earlier alto" of readings), in hash
  /// order.
  void for_each_object(
      const std::function<void(const BlobId& blob, std::string_view purpose)>& visit) const;
  /// The same with the number of the source, page or batch that refers to it.
  void for_each_reference(const std::function<void(const BlobId& blob, std::string_view purpose,
                                                   std::int64_t number)>& visit) const;
  /// References inside the records that lead nowhere, one line each; empty when sound.
  /// Includes the database's own integrity check.
  std::vector<std::string> broken_references() const;

  // -- Custody --------------------------------------------------------------

  /// Tells this archive, and whatever is restored from it, from every other: by its first entry.
  std::string archive_id() const;
  /// When the archive was begun: the time of its first entry.
  std::string begun_at() const;
  std::int64_t entries() const;  ///< of the ledger
  /// The whole database as it is at one moment, into a new file; also beside a writer.
  void copy_database(const std::filesystem::path& file) const;
  /// The objects of a part of the store (ScrubbedPart) that the records need, each once, in hash
  /// order.
  void for_each_use(
      int part, const std::function<void(const BlobId& object, const ObjectUse& use)>& visit) const;

  /// What a look at a part of the store found. A defect that is open already, or was accepted and
  /// is the same, makes no new task. Returns the numbers of the new ones.
  std::vector<TaskNumber> put_scrubbed(const ScrubbedPart& part,
                                       const std::vector<FoundDefect>& defects);
  /// The same for defects that were found by other means.
  std::vector<TaskNumber> put_defects(const std::vector<FoundDefect>& defects);
  /// Throws std::invalid_argument for a record that is not whole, or a task that is not open.
  void close_task(TaskNumber number, const RepairRecord& repair);
  std::vector<CustodyTask> custody_tasks(bool only_open) const;  ///< in number order
  std::optional<CustodyTask> custody_task(TaskNumber number) const;
  std::vector<ScrubbedPart> scrubbed_parts() const;  ///< all kStoreParts

  /// Registers a medium, or corrects one of this id. Throws std::invalid_argument without site or
  /// keeper.
  void put_medium(const Medium& medium);
  /// It was read back: the next time is due after its days. `copy_taken_at` is the time of the
  /// newest whole backup that was found sound on it, or "". False when it is not registered.
  bool read_back(const std::string& medium, bool sound, const std::string& copy_taken_at,
                 const std::string& who);
  bool retire_medium(const std::string& medium);
  std::vector<Medium> media() const;  ///< by id, those in use first

  /// A backup that the records do not know yet; one they know stays.
  void put_backup(const BackupRecord& backup);
  void note_backup_verified(const std::string& backup, bool sound);
  void note_backup_pruned(const std::string& backup);
  std::vector<BackupRecord> backups() const;  ///< oldest first

  void put_replicated(const ReplicaRecord& replica);
  std::vector<ReplicaRecord> replicas() const;

  // -- Users ----------------------------------------------------------------

  /// Who this is. Throws ArchiveError{forbidden} when the claim does not hold.
  Identity identify(const Claim& claim) const;
  /// In whose name this object writes.
  const std::string& writes_as() const;
  /// Notes that somebody was refused. For a writer.
  void note_refusal(Right right);

  std::vector<UserRecord> users() const;  ///< also those that are ended, by number
  std::optional<UserRecord> user(std::string_view name) const;
  /// Takes somebody in. Number and times are not looked at; an empty password is none. Throws
  /// std::invalid_argument for a name that is taken, for somebody who could not show who they are,
  /// for a post that is none or not for contractors, and for a password of less than 8 characters.
  UserNumber put_user(const UserRecord& user, std::string_view password, const Posts& posts);
  /// Throw std::invalid_argument for somebody who does not work here, and as put_user().
  void give_post(std::string_view name, std::string_view post, const Posts& posts);
  void take_post(std::string_view name, std::string_view post, const Posts& posts);
  void set_password(std::string_view name, std::string_view password);
  /// From now on they are nobody here. Throws std::invalid_argument for the last administrator, as
  /// take_post() does.
  void end_user(std::string_view name, const Posts& posts);

  // -- Ledger ---------------------------------------------------------------

  struct LedgerState {
    std::int64_t entries = 0;
    std::int64_t signed_entries = 0;  ///< under the last head
    std::string key_id;
    std::vector<HeadLog::Outside> outside;  ///< after they were brought up to date
  };
  /// Signs what is not signed yet and copies the heads outside. For a writer.
  LedgerState settle_ledger();
  /// A new key signs from now on. The old one signs the entry that says so, if it is there; the
  /// private part of it is gone then. Returns the new one's id.
  std::string change_signing_key();

  // -- History -------------------------------------------------------------

  /// What happened, oldest first, from the event after `number`.
  struct Event {
    std::int64_t number = 0;
    std::string happened_at;
    std::string actor;
    std::string post;
    std::string action;       ///< "page_filed", "batch_closed", ...
    std::string object_kind;  ///< "page", "batch", ...
    std::int64_t object_number = 0;
    std::string reason;
    std::string method;
    std::string details;  ///< a JSON object without personal data
    std::string co_signer;
  };
  void for_each_event(std::int64_t after, const std::function<void(const Event&)>& visit) const;

  /// The schema number of the open database.
  int schema_version() const;

  struct Impl;
  Impl& inside() { return *impl_; }  ///< for the files of store/
  const Impl& inside() const { return *impl_; }

 private:
  static Records writer(const std::filesystem::path& archive_folder, WriterLock lock,
                        Database database, const Writing& how);
  /// An archive has no users: whoever writes to it first has every post.
  void found(const Claim& claim);
  explicit Records(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace archive
