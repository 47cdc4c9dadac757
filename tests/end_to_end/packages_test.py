"""Packages between two archives, and the public conformance suites where they are there."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from program import (DAMAGE, FINDINGS, FORBIDDEN, HELD, NOT_FOUND, PASSWORD, ROOT, SCANS, USAGE,
                     Archive, blank_page, digests, juanzong)

# Schemas and suites of others; not part of the repository.
DATA = Path(os.environ.get("JUANZONG_DATA", ROOT.parent / "shared" / "data")) / "conformance"
METS = "{http://www.loc.gov/METS/}"
PREMIS = "{http://www.loc.gov/premis/v3}"
XLINK = "{http://www.w3.org/1999/xlink}"

STATED = ["--recipient", "乙市社会保险中心", "--purpose", "transfer_relation", "--legal-basis",
          "社会保险法第十九条"]


def command(*arguments, **options):
    return subprocess.run([str(argument) for argument in arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)


def package(archive, name, *arguments):
    return juanzong("package", name, "--archive", archive.folder, *arguments)


def sum_again(bag):
    """Digests and counts as a sender gives them who made the bag as it is now."""
    sums = {name.as_posix(): digest for name, digest in digests(bag).items()}
    payload = {name: digest for name, digest in sums.items() if name.startswith("data/")}

    def write(name, text):
        (bag / name).write_text(text)
        sums[name] = digests(bag)[Path(name)]

    write("manifest-sha256.txt",
          "".join(f"{digest}  {name}\n" for name, digest in payload.items()))
    info = bag / "bag-info.txt"
    size = sum((bag / name).stat().st_size for name in payload)
    write(info.name, "".join(
        f"Payload-Oxum: {size}.{len(payload)}\n" if line.startswith("Payload-Oxum") else line
        for line in info.read_text().splitlines(keepends=True)))
    tags = [line.split(maxsplit=1)[1]
            for line in (bag / "tagmanifest-sha256.txt").read_text().splitlines()]
    write("tagmanifest-sha256.txt", "".join(f"{sums[name]}  {name}\n" for name in tags))


def left_open(archive):
    """What lies in the spool of packages that were made or opened there."""
    return [path for path in (archive.folder / "spool").iterdir() if "package" in path.name]


class Sender:
    """An archive with a dossier of scans, one of blank sheets, and a file that is no picture."""

    work = archive = None


def setUpModule():
    temporary = tempfile.TemporaryDirectory(prefix="juanzong-test-")
    unittest.addModuleCleanup(temporary.cleanup)
    Sender.work = Path(temporary.name)
    scans = Sender.work / "box"
    for name in ("back_payment/0001.tif", "back_payment/0002.tif", "maternity/0001.jpg"):
        (scans / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SCANS / name, scans / name)
    (scans / "back_payment" / "录音.txt").write_text("a carrier that is no picture")
    (scans / "blank").mkdir()
    for number in range(3):
        (scans / "blank" / f"{number}.bmp").write_bytes(blank_page(400 + number))
    Sender.archive = Archive(Sender.work / "sender")
    juanzong("init", Sender.archive.folder)
    ended = Sender.archive.ingest(scans)
    if ended.returncode != 0:
        raise AssertionError(ended.stderr)


class Packages(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="juanzong-test-")
        self.addCleanup(temporary.cleanup)
        self.work = Path(temporary.name)

    def dossiers(self, archive=None):
        pages = (archive or Sender.archive).pages()
        return sorted({page["dossier"] for page in pages if page["dossier"]})

    def make(self, *arguments, kind="transfer", archive=None, code=0):
        ended = package(archive or Sender.archive, "make", "--kind", kind, "--sender",
                        "甲市社会保险中心", "--json", *arguments)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return json.loads(ended.stdout) if code == 0 else ended

    def transfer(self, *arguments):
        """All dossiers, as a package in a folder or file of this test."""
        asked = [word for number in self.dossiers() for word in ("--dossier", number)]
        return self.make(*asked, *STATED, "-o", self.work / "package", *arguments)

    def receiver(self):
        archive = Archive(self.work / "receiver")
        self.assertEqual(juanzong("init", archive.folder).returncode, 0)
        return archive

    def receive(self, archive, *arguments, code=0):
        ended = package(archive, "receive", "--json", *arguments)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return json.loads(ended.stdout) if ended.stdout else ended

    def listed(self, archive):
        return [json.loads(line)
                for line in package(archive, "list", "--json").stdout.splitlines()]


class Making(Packages):
    def test_r14_is_refused_without_recipient_purpose_or_legal_basis(self):
        before = self.listed(Sender.archive)
        asked = ["--dossier", self.dossiers()[0], "-o", self.work / "package"]
        for at in (0, 2, 4):
            for nothing in (None, " "):
                stated = STATED[:at] + ([] if nothing is None else [STATED[at], nothing]) + \
                    STATED[at + 2:]
                self.make(*asked, *stated, code=USAGE)
        # Purposes are a closed list, and each goes with some kinds of package.
        refused = self.make(*asked, *STATED[:2], "--purpose", "curiosity", *STATED[4:], code=USAGE)
        self.assertIn("transfer_relation", refused.stderr)
        self.make(*asked, *STATED, kind="export", code=USAGE)
        self.make("-o", self.work / "package", *STATED, code=USAGE)
        self.make("--dossier", 9999, "-o", self.work / "package", *STATED, code=NOT_FOUND)
        self.assertFalse((self.work / "package").exists())
        self.assertEqual(self.listed(Sender.archive), before)

    def test_is_a_bag_that_holds_everything_and_is_registered(self):
        made = self.transfer("--sm3", "--sign")
        folder = self.work / "package"
        checked = juanzong("bag", "check", "--json", folder)
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.assertEqual(json.loads(checked.stdout)["remarks"], [])
        self.assertEqual(json.loads(checked.stdout)["signature"], "unknown")
        self.assertEqual(made["pages"], 6)
        self.assertEqual(made["files"], sum(1 for path in (folder / "data").rglob("*")
                                            if path.is_file()))
        names = {path.relative_to(folder / "data").as_posix() for path in (folder / "data").rglob("*")}
        for name in ("hand-over.json", "hand-over.html", "catalogue.csv", "catalogue.xlsx"):
            self.assertIn(name, names)
        sent = {digest for digest in digests(Sender.work / "box").values()}
        given = {digest for name, digest in digests(folder / "data").items()
                 if "original" in name.parts}
        self.assertEqual(given, sent)
        registered = self.listed(Sender.archive)[-1]
        self.assertEqual(registered["recipient"], "乙市社会保险中心")
        self.assertEqual(registered["manifest_sha256"],
                         digests(folder)[Path("tagmanifest-sha256.txt")])
        self.assertEqual(registered["state"], "handing_over")
        self.assertEqual(Sender.archive.run("verify").returncode, 0)
        self.assertEqual(left_open(Sender.archive), [])

    def test_a_hand_over_is_named_by_archive_number(self):
        number = next(page["dossier"] for page in Sender.archive.pages()
                      if page["source"].startswith("back_payment"))
        self.make("--dossier", number, "--recipient", "市档案馆", "--purpose", "archive_hand_over",
                  "--legal-basis", "档案法", "-o", self.work / "package", kind="hand-over")
        top = self.work / "package" / "data" / "SB1-2017-ZJ-6649"
        self.assertTrue((top / "original" / "SB1-2017-ZJ-6649-0001.tif").is_file())
        self.assertTrue((top / "alto" / "SB1-2017-ZJ-6649-0002.xml").is_file())
        listed = json.loads((self.work / "package/data/hand-over.json").read_text())
        self.assertEqual(listed["dossiers"][0]["dossier_no"], "SB1-2017-ZJ-6649")
        originals = [file for file in listed["dossiers"][0]["files"] if file["use"] == "original"]
        self.assertEqual(originals[0]["name"], "0001.tif")
        form = (self.work / "package/data/hand-over.html").read_text()
        for words in ("市档案馆", "移交方", "接收方", "监交方", "SB1-2017-ZJ-6649", "档案法"):
            self.assertIn(words, form)

    def test_a_person_s_own_dossiers_are_found_by_number(self):
        number = "43970219860407762X"  # the fictional holder of back_payment
        asked = ["--person", number, "--recipient", "本人", "--purpose", "person_request",
                 "--legal-basis", "社会保险经办条例第三十二条", "-o", self.work / "package"]
        made = self.make(*asked, kind="export")
        self.assertEqual([dossier["dossier_no"] for dossier in made["dossiers"]],
                         ["SB1-2017-ZJ-6649"])
        self.make("--person", "11010519491231002X", *asked[2:], kind="export", code=NOT_FOUND)

    def test_needs_the_right_to_give_out(self):
        archive = Archive(self.work / "posts")
        shutil.copytree(Sender.archive.folder, archive.folder)
        archive.add_user("窗口", "counter_clerk")
        archive.add_user("管理员", "records_manager")
        asked = ["--kind", "transfer", "--sender", "甲", "--dossier", self.dossiers()[0], *STATED,
                 "-o", self.work / "package"]
        for name, code in (("窗口", FORBIDDEN), ("管理员", 0)):
            with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
                file.write(PASSWORD + "\n")
                file.flush()
                ended = juanzong("--by", name, "package", "make", "--archive", archive.folder,
                                 *asked, environment={"JUANZONG_PASSWORD_FILE": file.name})
            self.assertEqual(ended.returncode, code, ended.stderr)
        self.assertEqual(self.listed(archive)[-1]["made_by"], "管理员")

    def test_a_file_with_pages_of_other_dossiers_is_given_whole_or_not_at_all(self):
        archive = Archive(self.work / "shared")
        juanzong("init", archive.folder)
        ended = archive.ingest(SCANS / "batch.tif")
        dossiers = self.dossiers(archive)
        if len(dossiers) < 2:
            self.skipTest(f"the sample has one dossier: {ended.stderr}")
        self.make("--dossier", dossiers[0], *STATED, "-o", self.work / "package", archive=archive,
                  code=USAGE)
        made = self.make("--dossier", dossiers[0], "--recipient", "法院", "--purpose", "court",
                         "--legal-basis", "民事诉讼法", "-o", self.work / "copies", archive=archive,
                         kind="export")
        self.assertEqual(list((self.work / "copies").rglob("original")), [])
        self.assertTrue(list((self.work / "copies").rglob("*.pdf")))
        listed = json.loads((self.work / "copies/data/hand-over.json").read_text())
        self.assertEqual(listed["dossiers"][0]["left_out"], ["batch.tif"])
        self.assertEqual(made["kind"], "export")

    def test_nothing_leaves_that_the_scanner_finds_harmful(self):
        archive = Archive(self.work / "guarded")
        shutil.copytree(Sender.archive.folder, archive.folder)
        scanner = self.work / "scanner"
        settings = archive.folder / "juanzong.toml"
        plain = settings.read_text()
        asked = ["--dossier", self.dossiers()[0], *STATED, "-o", self.work / "package"]
        for verdict, code, malware in ((1, FINDINGS, None), (7, 10, None), (0, 0, "clean")):
            scanner.write_text(f"#!/bin/sh\ncase \"$1\" in *.pdf) exit {verdict};; esac\nexit 0\n")
            scanner.chmod(stat.S_IRWXU)
            settings.write_text(plain.replace('malware_scanner = ""',
                                              f'malware_scanner = "{scanner}"'))
            made = self.make(*asked, archive=archive, code=code)
            self.assertEqual((self.work / "package").exists(), code == 0)
            if malware:
                self.assertEqual(made["malware"], malware)

    def test_what_changed_in_the_store_is_not_given_out(self):
        archive = Archive(self.work / "rotten")
        shutil.copytree(Sender.archive.folder, archive.folder)
        page = next(page for page in archive.pages() if page["source"].startswith("blank"))
        archive.spoil(page["source_object"])
        self.make("--dossier", page["dossier"], *STATED, "-o", self.work / "package",
                  archive=archive, code=DAMAGE)
        self.assertFalse((self.work / "package").exists())


class RoundTrip(Packages):
    def test_r49_changes_nothing_and_counts_are_equal(self):
        sent = Sender.archive.counts()
        originals = {page["source_object"] for page in Sender.archive.pages()}
        self.transfer()
        receiver = self.receiver()
        got = self.receive(receiver, self.work / "package")
        self.assertEqual(got["state"], "accepted")
        self.assertTrue(got["received"])
        # The receiver has the sender's bytes, pages and archive numbers.
        self.assertEqual({page["source_object"] for page in receiver.pages()}, originals)
        counts = receiver.counts()
        for key in ("files", "pages_in", "filed", "set_aside", "blank"):
            self.assertEqual(counts[key], sent[key], key)

        def by_bytes(archive):
            numbers = {number: json.loads(archive.run(
                "show", "--dossier", number, "--json").stdout)["dossier_no"]
                for number in self.dossiers(archive)}
            return sorted((page["source_object"], page["page_in_file"],
                           numbers.get(page["dossier"], "")) for page in archive.pages())

        self.assertEqual(by_bytes(receiver), by_bytes(Sender.archive))
        # The sender keeps everything, readable, and knows where it went.
        self.assertEqual(Sender.archive.counts(), sent)
        self.assertEqual(Sender.archive.run("verify").returncode, 0)
        shown = Sender.archive.run("show", "--dossier", self.dossiers()[0], "--json").stdout
        self.assertIn("乙市社会保险中心", shown)
        # The four-property check on receipt answers the rows of packages.
        for dossier in got["properties"]:
            for row in ("1-14", "2-10", "2-11", "3-1", "4-3"):
                self.assertNotIn(row, dossier["failed"])
        self.assertEqual(receiver.run("verify").returncode, 0)

        # The same package again is known; another archive's ledger is sound.
        pages = len(receiver.pages())
        self.receive(receiver, self.work / "package")
        self.assertEqual(len(receiver.pages()), pages)

        # And back: the third archive has the bytes of the first.
        asked = [word for number in self.dossiers(receiver) for word in ("--dossier", number)]
        self.make(*asked, *STATED, "-o", self.work / "back", archive=receiver)
        third = Archive(self.work / "third")
        juanzong("init", third.folder)
        self.receive(third, self.work / "back")
        self.assertEqual(by_bytes(third), by_bytes(Sender.archive))

    def test_the_state_of_a_transfer_is_settled_once(self):
        number = self.transfer()["package"]
        archive = Sender.archive
        self.assertEqual(package(archive, "settle", number).returncode, USAGE)
        self.assertEqual(package(archive, "settle", number, "--returned").returncode, USAGE)
        ended = package(archive, "settle", number, "--returned", "--reason", "缺一页", "--json")
        self.assertEqual(json.loads(ended.stdout)["state"], "returned")
        self.assertEqual(package(archive, "settle", number, "--accepted").returncode, USAGE)
        self.assertEqual(package(archive, "settle", 9999, "--accepted").returncode, NOT_FOUND)


class Receiving(Packages):
    def refused(self, receiver, code=DAMAGE, *arguments):
        ended = package(receiver, "receive", *arguments)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        self.assertEqual(receiver.pages(), [])
        self.assertEqual(self.listed(receiver), [])
        return ended.stderr

    def test_r41_a_truncated_or_changed_package_is_rejected(self):
        self.transfer()
        bag = self.work / "package"
        receiver = self.receiver()
        kept = {path: path.read_bytes() for path in bag.rglob("*") if path.is_file()}
        original = next(path for path in kept if path.name == "0001.tif")

        def spoiled(change, *words):
            change()
            told = self.refused(receiver, DAMAGE, bag)
            for word in words:
                self.assertIn(word, told)
            for path, content in kept.items():
                if not path.exists() or path.read_bytes() != content:
                    path.write_bytes(content)

        spoiled(lambda: original.write_bytes(kept[original][:-1]), "wrong_sum", "0001.tif")
        spoiled(lambda: original.write_bytes(b"x" + kept[original][1:]), "wrong_sum")
        spoiled(original.unlink, "missing_file", "0001.tif")
        spoiled((bag / "bagit.txt").unlink, "not_a_bag")
        surplus = bag / "data" / "surplus.exe"
        spoiled(lambda: surplus.write_bytes(b"MZ"), "extra_file", "surplus.exe")
        surplus.unlink()
        self.assertIn("package_refused", (command(
            "sqlite3", "-readonly", receiver.folder / "records.sqlite",
            "SELECT action FROM events WHERE object_kind = 'package'")).stdout
            if shutil.which("sqlite3") else "package_refused")
        self.receive(receiver, bag)

    def test_a_bag_of_others_is_no_package_of_ours(self):
        bag = self.work / "bag"
        (bag / "data").mkdir(parents=True)
        (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        (bag / "data" / "a.txt").write_text("a")
        (bag / "manifest-sha256.txt").write_text(
            "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  data/a.txt\n")
        tags = bag / "tagmanifest-sha256.txt"
        tags.write_text("")
        self.assertEqual(juanzong("bag", "check", bag).returncode, 0)
        receiver = self.receiver()
        # Every bag may have this one: a second package would be taken for the first.
        self.assertIn("no SHA-256 covers the whole of it", self.refused(receiver, DAMAGE, bag))
        tags.write_text(f"{digests(bag)[Path('manifest-sha256.txt')]}  manifest-sha256.txt\n")
        self.assertIn("hand-over.json", self.refused(receiver, DAMAGE, bag))

    def test_a_page_that_the_list_does_not_have_is_not_passed_over(self):
        self.transfer()
        bag = self.work / "package"
        folder = next((bag / "data").glob("*/original"))
        (folder / "one-more.bmp").write_bytes(blank_page(500))
        sum_again(bag)
        told = self.refused(self.receiver(), DAMAGE, bag)
        self.assertIn("there and not listed", told)
        self.assertIn("one-more.bmp", told)

    def test_the_catalogue_comes_also_when_the_command_was_stopped_before_it(self):
        sender = Archive(self.work / "catalogued")
        shutil.copytree(Sender.archive.folder, sender.folder)
        catalogue = self.work / "catalogue.csv"
        catalogue.write_text(
            "档号,案卷档号,件号,题名,责任者,文号,日期,起页,止页,类别号,保管期限,备注\n"
            "SB1-2017-ZJ-6649-0001,SB1-2017-ZJ-6649,1,补缴申请表,甲公司,,2017-06-24,1,2,,,\n")
        taken = juanzong("catalogue", "import", "--archive", sender.folder, catalogue)
        self.assertEqual(taken.returncode, 0, taken.stderr)
        number = next(page["dossier"] for page in sender.pages()
                      if page["source"].startswith("back_payment"))
        self.make("--dossier", number, *STATED, "-o", self.work / "package", archive=sender)
        receiver = self.receiver()

        def entries(*statements):
            database = sqlite3.connect(receiver.folder / "records.sqlite")
            for statement in statements:
                database.execute(statement)
            database.commit()
            found = database.execute("SELECT title FROM catalogue_entries").fetchall()
            database.close()
            return [title for title, in found]

        # Stands for a kill at this moment: the package is in the register, nothing else.
        entries("CREATE TRIGGER stop BEFORE INSERT ON catalogue_entries "
                "BEGIN SELECT RAISE(ABORT, 'stopped'); END")
        stopped = package(receiver, "receive", self.work / "package")
        self.assertNotEqual(stopped.returncode, 0)
        self.assertEqual(len(self.listed(receiver)), 1, stopped.stderr)
        self.assertEqual(entries("DROP TRIGGER stop"), [])
        self.assertEqual(self.receive(receiver, self.work / "package")["state"], "accepted")
        self.assertIn("补缴申请表", entries())
        self.assertEqual(receiver.run("verify").returncode, 0)

    def test_the_signature_is_that_of_the_sender(self):
        self.transfer("--sign")
        keys = list((Sender.archive.folder / "ledger" / "keys").glob("*.pem"))
        other = self.work / "other.pem"
        made = Archive(self.work / "other")
        juanzong("init", made.folder)
        shutil.copy(next((made.folder / "ledger" / "keys").glob("*.pem")), other)
        receiver = self.receiver()
        self.refused(receiver, DAMAGE, self.work / "package", "--sender-key", other)
        self.receive(receiver, self.work / "package", "--sender-key", keys[0])
        if shutil.which("openssl"):  # as docs/PACKAGE_FORMAT.md has it
            folder = self.work / "package"
            digits = (folder / "signature.txt").read_text().split()[-1]
            (self.work / "signature").write_bytes(bytes.fromhex(digits))
            ended = command("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", keys[0],
                            "-in", folder / "tagmanifest-sha256.txt", "-sigfile",
                            self.work / "signature")
            self.assertEqual(ended.returncode, 0, ended.stdout)

    def test_r22_a_sealed_package_does_not_open_without_its_key(self):
        key, other, phrase = self.work / "key", self.work / "other", self.work / "phrase"
        key.write_text("0123456789abcdef" * 4 + "\n")
        other.write_text("0123456789abcdee" * 4 + "\n")
        phrase.write_text("卷宗移交口令不止十二个字\n")
        self.transfer("--seal-key", key)
        bag = self.work / "package"
        self.assertTrue(bag.is_file())
        raw = bag.read_bytes()
        for trace in (b"BagIt", b"hand-over", "社会".encode(), b"\xff\xd8\xff", b"II*\0"):
            self.assertNotIn(trace, raw[64:])
        receiver = self.receiver()
        self.refused(receiver, USAGE, bag)
        self.refused(receiver, DAMAGE, bag, "--seal-key", other)
        self.refused(receiver, DAMAGE, bag, "--seal-passphrase", phrase)
        (self.work / "cut").write_bytes(raw[:-100])
        self.refused(receiver, DAMAGE, self.work / "cut", "--seal-key", key)
        self.assertEqual(left_open(receiver), [])
        self.assertTrue(self.receive(receiver, bag, "--seal-key", key)["sealed"])
        self.assertEqual(left_open(receiver), [])
        bag.unlink()
        self.transfer("--seal-passphrase", phrase)
        self.receive(receiver, bag, "--seal-passphrase", phrase)

    def test_r22_the_program_has_no_mail_sender(self):
        for name in ("smtp", "sendmail", "mailto:"):
            found = command("grep", "-rilE", "--exclude-dir=node_modules", name, *(ROOT / folder for folder in
                                                     ("app", "store", "ingest", "viewer")))
            self.assertEqual(found.stdout, "", name)

    def test_a_page_fewer_than_the_sender_counted_is_held(self):
        self.transfer()
        bag = self.work / "package"
        listed = bag / "data" / "hand-over.json"
        hand_over = json.loads(listed.read_text())
        # A sender who counts a page more than he sends: his list is signed by his own manifests.
        dossier = hand_over["dossiers"][0]
        dossier["pages"] += 1
        hand_over["counts"]["pages"] += 1
        listed.write_text(json.dumps(hand_over))
        sum_again(bag)
        receiver = self.receiver()
        got = self.receive(receiver, bag, code=HELD)
        self.assertEqual(got["state"], "handing_over")
        for row in got["properties"]:
            self.assertIn("1-14", row["failed"])


# METS leaves open what is in it: that the PREMIS inside is looked at too, both must be known.
TOGETHER = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:together">
<xs:import namespace="http://www.loc.gov/METS/" schemaLocation="{0}/mets/mets-1.12.1.xsd"/>
<xs:import namespace="http://www.loc.gov/premis/v3" schemaLocation="{0}/premis/premis-3.0.xsd"/>
</xs:schema>"""


def schema_faults(schema, *files):
    environment = {**os.environ, "XML_CATALOG_FILES": str(DATA / "catalog.xml")}
    ended = command("xmllint", "--nonet", "--noout", "--schema", DATA / schema, *files,
                    env=environment)
    return "" if ended.returncode == 0 else ended.stdout


@unittest.skipUnless(DATA.is_dir() and shutil.which("xmllint"), "no schemas or no xmllint")
class Schemas(Packages):
    def test_mets_premis_and_alto_are_valid(self):
        self.transfer("--sm3")
        data = self.work / "package" / "data"
        mets = sorted(data.glob("*/mets.xml"))
        self.assertEqual(len(mets), 3)
        together = self.work / "together.xsd"
        together.write_text(TOGETHER.format(DATA))
        self.assertEqual(schema_faults(together, *mets), "")
        ElementTree.register_namespace("premis", PREMIS[1:-1])
        for number, file in enumerate(mets):
            premis = ElementTree.parse(file).getroot().find(f".//{PREMIS}premis")
            self.assertTrue(premis.findall(f"{PREMIS}event"), file)
            alone = self.work / f"premis-{number}.xml"
            ElementTree.ElementTree(premis).write(alone)
            self.assertEqual(schema_faults("premis/premis-3.0.xsd", alone), "")
            self.check_files(file)
        altos = sorted(data.glob("*/alto/*.xml"))
        self.assertTrue(altos)
        self.assertEqual(schema_faults("alto/alto-4-4.xsd", *altos), "")
        for file in data.glob("*/metadata.xml"):
            self.assertEqual(command("xmllint", "--noout", file).returncode, 0)

    def check_files(self, mets):
        from urllib.parse import unquote
        root = ElementTree.parse(mets).getroot()
        found = digests(mets.parent)
        named = set()
        for file in root.iter(METS + "file"):
            path = Path(unquote(file.find(METS + "FLocat").get(XLINK + "href")))
            self.assertEqual(file.get("CHECKSUM"), found[path])
            named.add(path)
        self.assertEqual(named, set(found) - {Path("mets.xml"), Path("metadata.xml")})

    def test_the_schemas_refuse_what_is_wrong(self):
        self.transfer()
        mets = next((self.work / "package" / "data").glob("*/mets.xml"))
        wrong = self.work / "wrong.xml"
        wrong.write_text(mets.read_text().replace("CHECKSUMTYPE=\"SHA-256\"", "CHECKSUMTYPE=\"X\""))
        together = self.work / "together.xsd"
        together.write_text(TOGETHER.format(DATA))
        self.assertNotEqual(schema_faults(together, wrong), "")
        wrong.write_text(mets.read_text().replace("premis:eventType", "premis:kind"))
        self.assertNotEqual(schema_faults(together, wrong), "")


@unittest.skipUnless((DATA / "bagit.tar.zst").is_file(), "no conformance suite")
class BagSuite(Packages):
    """The public suite of the Library of Congress: 60 bags of six versions."""

    def test_every_verdict_is_right(self):
        self.assertEqual(command("tar", "--zstd", "-xf", DATA / "bagit.tar.zst", "-C",
                                 self.work).returncode, 0)
        bags = sorted(path for path in self.work.glob("bagit/v*/*/*") if path.is_dir())
        self.assertEqual(len(bags), 60)
        ended = juanzong("bag", "check", "--json", *bags)
        reports = [json.loads(line) for line in ended.stdout.splitlines()]
        self.assertEqual(len(reports), 60, ended.stderr)
        wrong = []
        for bag, report in zip(bags, reports):
            kind = bag.parent.name
            warned = report["valid"] and bool(report["remarks"])
            # What would lead out of the bag on another system is refused here as well.
            right = {"valid": report["valid"], "warning": warned}.get(kind, not report["valid"])
            if not right:
                wrong.append((bag.relative_to(self.work).as_posix(), report["remarks"]))
        self.assertEqual(wrong, [])


@unittest.skipUnless(shutil.which("qpdf") and shutil.which("pdfinfo"), "no PDF tools")
class ItemPdf(Packages):
    def test_says_that_it_is_for_the_archive(self):
        self.transfer()
        files = sorted((self.work / "package" / "data").glob("*/pdf/*.pdf"))
        self.assertTrue(files)
        for file in files:
            self.assertEqual(command("qpdf", "--check", file).returncode, 0)
            self.assertIn(b"<pdfaid:part>2</pdfaid:part>", file.read_bytes())
            told = command("pdfinfo", file).stdout
            self.assertNotIn("Error", told)


if __name__ == "__main__":
    unittest.main()
