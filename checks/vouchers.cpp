#include "checks/vouchers.h"

#include <cctype>
#include <string_view>

#include "checks/dossier_view.h"
#include "core/width.h"

namespace archive {
namespace {

// Offices count their vouchers from one: without its issuer a short number tells nothing.
constexpr std::size_t kLongNumber = 6;
// A seal that was misread must not make another issuer.
constexpr double kIssuerSure = 0.95;
constexpr std::string_view kUnsureSign = "〓";

std::string compared(std::string_view number) {
  std::string plain;
  for (const char c : half_width(number)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) == 0) continue;
    plain += static_cast<char>(byte < 0x80 ? std::toupper(byte) : c);
  }
  return plain;
}

std::string value_of(const PageFact& page, std::string_view field, int row = -1) {
  const FieldFact* fact = believed(page, field, row);
  return fact == nullptr ? std::string() : fact->value;
}

std::string issuer_on(const PageFact& page, std::string_view field) {
  const FieldFact* fact = believed(page, field);
  if (fact == nullptr || fact->value.find(kUnsureSign) != std::string::npos) return {};
  if (!fact->by_person && fact->confidence < kIssuerSure) return {};
  return half_width(fact->value);
}

std::string first_of(const PageFact& page, std::initializer_list<std::string_view> fields) {
  for (const std::string_view field : fields) {
    if (std::string value = value_of(page, field); !value.empty()) return value;
  }
  return {};
}

VoucherFact voucher_on(const PageFact& page, const FieldFact& number) {
  VoucherFact voucher;
  voucher.doc_type = page.doc_type;
  voucher.number = compared(number.value);
  voucher.printed = number.raw.empty() ? number.value : number.raw;
  voucher.page = page.number;
  voucher.field = number.field;
  voucher.row = number.row;
  voucher.content = page.content;
  return voucher;
}

void add_payment(const PageFact& page, std::vector<VoucherFact>& vouchers) {
  const FieldFact* number = believed(page, "voucher_no");
  if (number == nullptr) return;
  VoucherFact voucher = voucher_on(page, *number);
  voucher.issuer = issuer_on(page, "agency_seal");
  voucher.payer = first_of(page, {"id_number", "unit_name"});
  voucher.amount = value_of(page, "amount_num");
  voucher.date = value_of(page, "pay_date");
  if (!voucher.number.empty()) vouchers.push_back(std::move(voucher));
}

void add_claims(const PageFact& page, std::vector<VoucherFact>& vouchers) {
  for (const int row : rows_of(page)) {
    const FieldFact* number = believed(page, "row_invoice", row);
    if (number == nullptr) continue;
    VoucherFact voucher = voucher_on(page, *number);
    voucher.issuer = issuer_on(page, "hospital");
    voucher.payer = value_of(page, "id_number");
    voucher.amount = value_of(page, "row_amount", row);
    voucher.date = first_of(page, {"handle_date", "doc_date"});
    if (!voucher.number.empty()) vouchers.push_back(std::move(voucher));
  }
}

bool differ(const std::string& a, const std::string& b) {
  return !a.empty() && !b.empty() && a != b;
}

}  // namespace

std::vector<VoucherFact> vouchers_of(const DossierFacts& dossier) {
  std::vector<VoucherFact> vouchers;
  for (const PageFact& page : dossier.pages) {
    if (page.set_aside) continue;
    if (page.doc_type == "DT09") add_payment(page, vouchers);
    if (page.doc_type == "DT34") add_claims(page, vouchers);
  }
  return vouchers;
}

bool is_another_payment(const VoucherFact& a, const VoucherFact& b) {
  if (a.content == b.content && a.row == b.row) return false;  // the same bytes once more
  return differ(a.amount, b.amount) || differ(a.date, b.date) || differ(a.payer, b.payer);
}

bool is_same_number(const VoucherFact& a, const VoucherFact& b) {
  if (a.doc_type != b.doc_type || a.number != b.number) return false;
  if (!a.issuer.empty() && !b.issuer.empty()) return a.issuer == b.issuer;
  return a.number.size() >= kLongNumber;
}

}  // namespace archive
