#include "app/command_parser.h"

// Packages: what leaves an archive for others, and what comes in from them.

namespace archive {

void CommandParser::add_bag() {
  CLI::App* bag =
      app_.add_subcommand("bag", text("BagIt 信息包（RFC 8493）", "bags (BagIt, RFC 8493)"));
  bag->require_subcommand(1);
  CLI::App* check = bag->add_subcommand(
      "check", text("检查信息包：清单、校验值、路径、编码、签名。不写入，不联网",
                    "check bags: manifests, digests, paths, encodings, signature. Writes nothing, "
                    "fetches nothing"));
  check->callback([this] {
    chosen_ = [options = bag_check_](const Console& console) {
      return run_bag_check(options, console);
    };
  });
  check->add_option("folders", bag_check_.folders, text("信息包目录", "folders of bags"))
      ->required();
  check->add_option("--sender-key", bag_check_.sender_key,
                    text("移交方公钥（PEM，须另行取得）：必须由它签名",
                         "the sender's public key (PEM), got by other means: it must have signed"));
  check->footer(text("例：juanzong bag check /media/usb/package --sender-key 移交方.pem",
                     "Example: juanzong bag check /media/usb/package --sender-key sender.pem"));
}

void CommandParser::add_package() {
  CLI::App* package = app_.add_subcommand(
      "package", text("信息包：利用出库、移交、转出与接收，均登记备查",
                      "packages: give out, hand over, transfer and receive; all are registered"));
  package->require_subcommand(1);
  add_package_make(package);
  add_package_receive(package);
  CLI::App* list = package->add_subcommand(
      "list", text("交接登记：发出和收到的信息包", "the register of packages made and received"));
  remember(list, package_list_, run_package_list, {Right::manage, Right::export_out, Right::audit});
  add_archive(list, package_list_.archive);
  list->add_option("package", package_list_.package, text("信息包编号", "number of a package"));
  CLI::App* settle = package->add_subcommand(
      "settle", text("登记对方已接收，或已回退（须说明理由）",
                     "write down that the recipient accepted a package, or returned it and why"));
  remember(settle, package_settle_, run_package_settle, {Right::manage, Right::export_out});
  add_archive(settle, package_settle_.archive);
  settle
      ->add_option("package", package_settle_.package, text("信息包编号", "number of the package"))
      ->required();
  auto* accepted = settle->add_flag("--accepted", package_settle_.accepted,
                                    text("已接收", "the recipient accepted it"));
  settle->add_flag("--returned", package_settle_.returned, text("已回退", "it was returned"))
      ->excludes(accepted);
  settle->add_option("--reason", package_settle_.reason, text("理由", "the reason"));
}

void CommandParser::add_package_make(CLI::App* package) {
  CLI::App* make = package->add_subcommand(
      "make",
      text("制作信息包：原文件、按件双层 PDF、ALTO、METS/PREMIS、目录、交接单。须有接收方、"
           "用途和法律依据",
           "make a package: original files, searchable PDF by item, ALTO, METS with PREMIS, "
           "catalogue, hand-over form. Needs recipient, purpose and legal basis"));
  remember(make, package_make_, run_package_make, {Right::export_out});
  add_archive(make, package_make_.archive);
  const std::map<std::string, PackageKind> kinds = {{"export", PackageKind::give_out},
                                                    {"hand-over", PackageKind::hand_over},
                                                    {"transfer", PackageKind::transfer}};
  make->add_option("--kind", package_make_.kind,
                   text("export 利用出库、hand-over 移交、transfer 转出",
                        "export: copies for others; hand-over: to an archive office; transfer: the "
                        "relation moved to another agency"))
      ->type_name("KIND")
      ->required()
      ->transform(CLI::CheckedTransformer(kinds).description("{export,hand-over,transfer}"));
  make->add_option("--dossier", package_make_.dossiers, text("卷宗编号", "numbers of dossiers"));
  make->add_option("--archive-no", package_make_.dossier_numbers,
                   text("档号", "archive numbers of dossiers"));
  make->add_option("--person", package_make_.person,
                   text("公民身份号码：其本人的各卷宗", "a citizen number: his own dossiers"));
  make->add_option("--recipient", package_make_.recipient, text("接收方", "who receives it"));
  make->add_option("--purpose", package_make_.purpose,
                   text("用途（config/domain/purposes.csv 中的编号）",
                        "what for: an id of config/domain/purposes.csv"));
  make->add_option("--legal-basis", package_make_.legal_basis,
                   text("法律依据", "law and article that allow it"));
  make->add_option("--sender", package_make_.sender,
                   text("移交方（默认按设置 packages.sender）",
                        "who sends it (by default packages.sender of the settings)"));
  make->add_option("-o,--output", package_make_.output,
                   text("新目录；加密时为新文件", "a new folder; a new file when it is sealed"));
  make->add_flag("--sm3", package_make_.sm3, text("另附 SM3 清单", "manifests with SM3 as well"));
  make->add_flag("--sign", package_make_.sign,
                 text("用本库账本密钥签名（Ed25519）", "sign with the ledger's key (Ed25519)"));
  make->add_option("--sign-key", package_make_.sign_key,
                   text("改用此私钥签名", "sign with this private key instead"));
  auto* key = make->add_option("--seal-key", package_make_.keys.key_file,
                               text("加密密钥文件（64 个十六进制数字）",
                                    "encrypt with the key in this file (64 hexadecimal digits)"));
  make->add_option("--seal-passphrase", package_make_.keys.passphrase_file,
                   text("加密口令文件（首行，至少 12 个字符）",
                        "encrypt with the passphrase in this file (first line, 12 characters)"))
      ->excludes(key);
  make->footer(text(
      "例：juanzong package make --kind transfer --dossier 3 --recipient 某市社会保险中心 \\\n"
      "      --purpose transfer_relation --legal-basis 社会保险法第十九条 -o 转出包 --sign",
      "Example: juanzong package make --kind transfer --dossier 3 --recipient \"Agency B\" \\\n"
      "           --purpose transfer_relation --legal-basis \"Social Insurance Law art. 19\" "
      "-o out --sign"));
}

void CommandParser::add_package_receive(CLI::App* package) {
  CLI::App* receive = package->add_subcommand(
      "receive", text("接收信息包：先验校验值、签名、清单和病毒，再录入，并与移交方的页数核对",
                      "take a package in: digests, signature, list and malware first, then its "
                      "pages; compares with the sender's count"));
  remember(receive, package_receive_, run_package_receive, {Right::manage});
  add_archive(receive, package_receive_.archive);
  receive
      ->add_option("package", package_receive_.package,
                   text("信息包目录，或加密文件", "folder of a package, or a sealed file"))
      ->required();
  receive->add_option("--sender-key", package_receive_.sender_key,
                      text("移交方公钥（PEM）：必须由它签名",
                           "the sender's public key (PEM): it must have signed"));
  auto* key = receive->add_option("--seal-key", package_receive_.keys.key_file,
                                  text("解密密钥文件", "file with the key that opens it"));
  receive
      ->add_option("--seal-passphrase", package_receive_.keys.passphrase_file,
                   text("解密口令文件", "file with the passphrase that opens it"))
      ->excludes(key);
  receive->add_option("--threads", package_receive_.threads, text("线程数", "number of threads"))
      ->check(CLI::Range(1, 256));
}

}  // namespace archive
