"""R4 and R15 by the command line: encrypted archives, their keys, and the look for weak spots."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

from program import (ARCHIVE_FOREIGN, DAMAGE, FORBIDDEN, PASSWORD, ROOT, SCANS, USAGE, Archive,
                     EndToEnd, digests, juanzong)

ALARMS, WRONG_KEY = 9, 22
AUDIT = Path(os.environ["JUANZONG"]).with_name("juanzong-audit")

# What a picture or a document begins with. Where three bytes tell, more are asked for inside a
# file: in random bytes three come by chance.
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"%PDF", b"BM", b"\x28\xb5\x2f\xfd")
INSIDE = (b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xdb", b"\xff\xd8\xff\xee",
          b"\x89PNG\r\n", b"II*\0", b"MM\0*", b"%PDF-", b"SQLite format", b"PRIVATE KEY", b"<alto",
          b"CREATE TABLE")
SCANNED = ("refund/0001.tif", "refund/0002.tif", "maternity/0001.jpg")


class Filed:
    """Two archives of the same three pages, made once: encrypted, and plain as the control."""

    work = encrypted = plain = temporary = None
    words = ()


class Encrypted(Archive):
    def __init__(self, folder, key):
        super().__init__(folder)
        self.key = key

    def run(self, name, *arguments, environment=None, **options):
        given = {"JUANZONG_KEY_FILE": str(self.key), "TMPDIR": str(Filed.temporary),
                 **(environment or {})}
        return super().run(name, *arguments, environment=given, **options)


def settle_index(folder, place):
    """Puts the index where nobody looks for plain bytes, as on an encrypted disk."""
    file = folder / "juanzong.toml"
    text, times = re.subn(r'(?m)^index_folder = "" ', f"index_folder = {json.dumps(str(place))} ",
                          file.read_text(encoding="utf-8"))
    assert times == 1
    file.write_text(text, encoding="utf-8")


def setUpModule():
    holder = tempfile.TemporaryDirectory(prefix="juanzong-test-")
    unittest.addModuleCleanup(holder.cleanup)
    memory = tempfile.TemporaryDirectory(prefix="juanzong-index-", dir="/dev/shm")
    unittest.addModuleCleanup(memory.cleanup)
    work = Filed.work = Path(holder.name)
    Filed.temporary = work / "tmp"
    Filed.temporary.mkdir()
    scans = work / "box"
    scans.mkdir()
    for name in SCANNED:
        shutil.copy(SCANS / name, scans / name.replace("/", "-"))
    key = work / "archive.key"
    made = juanzong("init", work / "encrypted", "--encrypt", "--key-file", key, "--lang", "en")
    if made.returncode != 0:
        raise AssertionError(made.stderr)
    Filed.recovery = re.search(r"recovery key.*: ((?:[0-9a-f]{4} ?){17})", made.stdout).group(1)
    juanzong("init", work / "plain")
    Filed.encrypted = Encrypted(work / "encrypted", key)
    Filed.plain = Archive(work / "plain")
    for archive in (Filed.encrypted, Filed.plain):
        settle_index(archive.folder, memory.name)
        ended = archive.ingest(scans)
        if ended.returncode != 0:
            raise AssertionError(ended.stderr)
    fields = [field for page in Filed.plain.pages() for field in page["fields"]]
    Filed.numbers = {field["value"] for field in fields if "id_number" in field["field"]}
    Filed.names = {field["value"] for field in fields if field["field"].endswith("name")}
    Filed.words = {word.encode() for word in Filed.numbers | Filed.names if len(word) >= 2}


def traces(*folders):
    """What lies plain below the folders: (file, what)."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            data = path.read_bytes()
            plain = [mark for mark in BEGINNINGS if data.startswith(mark)]
            plain += [mark for mark in (*INSIDE, *Filed.words) if mark in data]
            found += [(str(path.relative_to(folder)), mark) for mark in plain]
    return found


class Story(EndToEnd):
    def setUp(self):
        super().setUp()
        shutil.copytree(Filed.encrypted.folder, self.work / "archive")
        self.archive = Encrypted(self.work / "archive", Filed.encrypted.key)
        self.assertEqual(self.archive.run("index rebuild").returncode, 0)

    def run_json(self, name, *arguments, code=0, **options):
        ended = self.archive.run(name, *arguments, "--json", **options)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return json.loads(ended.stdout)

    def audit(self, folder, *arguments, code=0):
        ended = subprocess.run([str(AUDIT), str(folder), "--json", *map(str, arguments)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return json.loads(ended.stdout)


class R4(Story):
    def test_raw_files_hold_no_picture_no_number_and_no_name(self):
        self.assertGreaterEqual(len(Filed.numbers), 1)
        self.assertGreaterEqual(len(Filed.names), 1)
        # The control: the search finds what is there.
        plain = traces(Filed.plain.folder)
        self.assertTrue({mark for _, mark in plain} >= {b"\xff\xd8\xff", b"II*\0", b"SQLite format",
                                                       b"PRIVATE KEY", *Filed.words})
        hashes = {path.parent.name + path.name for path in
                  (Filed.plain.folder / "objects" / "sha256").rglob("*") if path.is_file()}
        self.assertGreaterEqual(len(hashes), len(SCANNED))
        # Everything that works on contents, then every byte that is left of it.
        self.work_on_it()
        self.assertEqual(traces(self.archive.folder, Filed.temporary), [])
        names = {path.parent.name + path.name for path in self.archive.objects()}
        self.assertGreaterEqual(len(names), len(hashes))
        self.assertFalse(names & hashes, "a known file can be looked up by its hash")
        # Packages and drills work in memory, and leave nothing there.
        self.assertEqual([path for path in Path("/dev/shm").glob("juanzong-" + 32 * "[0-9a-f]")
                          if any(path.iterdir())], [])

    def work_on_it(self):
        number = sorted(Filed.numbers)[0]
        self.assertTrue(self.archive.hits(number))
        pages = self.archive.pages()
        self.assertEqual(len(pages), 3)
        page = pages[0]["page"]
        for arguments in (("show", page, "--picture", self.work / "page.png"),
                          ("export", "--dossier", pages[0]["dossier"], "-o", self.work / "copy.pdf"),
                          ("check",), ("scrub", "--all"), ("reprocess", "--force")):
            ended = self.archive.run(*arguments)
            self.assertIn(ended.returncode, (0, 4, 8), (arguments, ended.stderr))
        self.assertGreater((self.work / "copy.pdf").stat().st_size, 10_000)
        again = self.work / "again"
        again.mkdir()
        shutil.copy(SCANS / SCANNED[0], again / "again.tif")
        self.assertEqual(self.archive.ingest(again).returncode, 0)
        for name in ("properties",):
            self.assertIn(self.archive.run(name).returncode, (0, 8))

    def test_whoever_is_refused_again_and_again_is_told_of(self):
        self.archive.run("user add", "clerk", "--post", "counter_clerk", "--password",
                         given=PASSWORD + "\n")
        for _ in range(3):
            self.assertEqual(self.archive.by("clerk", "scrub").returncode, FORBIDDEN)
        spots = self.run_json("selfcheck", code=ALARMS)["findings"]
        told = [spot for spot in spots if spot["kind"] == "refusals"]
        self.assertEqual([spot["where"] for spot in told], ["clerk"])
        self.assertIn("refused 3 times", told[0]["what"])


class Keys(Story):
    def test_without_it_nothing_opens_and_the_message_says_what_to_do(self):
        for environment in ({"JUANZONG_KEY_FILE": ""}, {"JUANZONG_KEY_FILE": str(self.other_key())}):
            for name in ("status", "search x", "verify", "show 1"):
                words = name.split()
                ended = self.archive.run(words[0], *words[1:], environment=environment)
                self.assert_says(ended, WRONG_KEY)
        # A program that knows nothing of encryption sees a newer format.
        mark = (self.archive.folder / "juanzong.format").read_text(encoding="utf-8")
        self.assertTrue(mark.startswith("juanzong archive 2\n"))
        self.assertTrue((Filed.plain.folder / "juanzong.format").read_text(encoding="utf-8")
                        .startswith("juanzong archive 1\n"))

    def other_key(self):
        file = self.work / "other.key"
        file.write_text("0" * 63 + "1\n", encoding="utf-8")
        return file

    def test_ways_in_are_replaced_and_no_object_is_rewritten(self):
        before = {path: path.stat().st_mtime_ns for path in self.archive.objects()}
        listed = self.run_json("key list")
        self.assertEqual([way["kind"] for way in listed["ways"]], ["keyfile", "recovery"])
        words = self.work / "words"
        words.write_text("纸短情长，意犹未尽 2026\n", encoding="utf-8")
        short = self.work / "short"
        short.write_text("纸短情长 2026\n", encoding="utf-8")
        self.assertEqual(self.archive.run("key change", "--new-passphrase-file", short, "--reason",
                                          "x").returncode, USAGE)
        fresh = self.work / "fresh.key"
        self.assertEqual(self.archive.run("key change", "--new-key-file", fresh).returncode, USAGE)
        self.run_json("key change", "--new-key-file", fresh, "--new-passphrase-file", words,
                      "--reason", "handover")
        self.assertEqual(fresh.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.archive.run("status").returncode, WRONG_KEY, "the old key")
        self.archive.key = fresh
        self.assertEqual(self.archive.run("status").returncode, 0)
        by_words = {"JUANZONG_KEY_FILE": "", "JUANZONG_PASSPHRASE_FILE": str(words)}
        self.assertEqual(self.archive.run("status", environment=by_words).returncode, 0)
        option = self.archive.run("status", "--archive-passphrase-file", words,
                                  environment={"JUANZONG_KEY_FILE": str(self.other_key())})
        self.assertEqual(option.returncode, 0, "what the line says counts before the variable")
        # The recovery key that init showed opens it, until a new one is made.
        paper = self.work / "paper"
        paper.write_text(Filed.recovery.upper().replace(" ", "-") + "\n", encoding="utf-8")
        recover = ("status", "--archive-recovery-file", paper)
        self.assertEqual(self.archive.run(*recover).returncode, 0)
        new = self.run_json("key recovery", "--reason", "paper lost")["recovery_key"]
        self.assertEqual(self.archive.run(*recover).returncode, WRONG_KEY)
        paper.write_text(new + "\n", encoding="utf-8")
        self.assertEqual(self.archive.run(*recover).returncode, 0)
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.archive.objects()}, before)
        self.assertEqual(self.run_json("key list")["problems"], [])
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_a_recovery_key_that_nobody_saw_takes_no_other_away(self):
        paper = self.work / "paper"
        paper.write_text(Filed.recovery + "\n", encoding="utf-8")
        entries = self.run_json("ledger")["entries"]
        with open("/dev/full", "w", encoding="utf-8") as full:
            ended = subprocess.run(
                [os.environ["JUANZONG"], "key", "recovery", "--archive", self.archive.folder,
                 "--reason", "paper lost"], stdout=full, stderr=subprocess.PIPE, text=True,
                env={**os.environ, "LC_ALL": "C.UTF-8",
                     "JUANZONG_KEY_FILE": str(self.archive.key)})
        self.assertEqual(ended.returncode, 16, ended.stderr)
        self.assertIn("could not be shown", ended.stderr)
        self.assertEqual(self.run_json("ledger")["entries"], entries + 1,
                         "that it was begun is written down before")
        self.assertEqual(self.archive.run("status", "--archive-recovery-file", paper).returncode, 0)
        self.assertEqual(len(self.run_json("key list", code=DAMAGE)["problems"]), 1)
        self.run_json("key recovery", "--reason", "paper lost")
        self.assertEqual(self.archive.run("status", "--archive-recovery-file", paper).returncode,
                         WRONG_KEY)
        self.assertEqual(self.run_json("key list")["problems"], [])

    def test_init_wants_a_way_in_outside_of_the_archive(self):
        for arguments in (("--encrypt",), ("--key-file", self.work / "k"),
                          ("--encrypt", "--key-file", self.work / "new" / "k")):
            ended = juanzong("init", self.work / "new", *arguments)
            self.assertEqual(ended.returncode, USAGE, ended.stderr)
        self.assertFalse((self.work / "new" / "juanzong.format").exists())
        words = self.work / "words"
        words.write_text("四个字的口令四个字 2026\n", encoding="utf-8")
        made = juanzong("init", self.work / "new", "--encrypt", "--passphrase-file", words, "--json")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn("recovery_key", json.loads(made.stdout.splitlines()[0]))
        self.assertEqual(self.archive.run("key list").returncode, 0)
        plain = Filed.plain.run("key list")
        self.assertEqual(plain.returncode, USAGE, plain.stderr)


class Custody(Story):
    def test_damage_is_found_named_and_repaired_from_an_encrypted_replica(self):
        replica = self.work / "replica"
        file = self.archive.folder / "juanzong.toml"
        text = file.read_text(encoding="utf-8")
        text, times = re.subn(r"(?m)^replicas = [^#]*", f"replicas = [{json.dumps(str(replica))}] ", text)
        self.assertEqual(times, 1)
        file.write_text(text, encoding="utf-8")
        self.assertEqual(self.run_json("replicate", "--begin")["replicas"][0]["lacking"], 0)
        self.assertEqual(traces(replica), [])
        spoiled = self.archive.objects()[0]
        spoiled.chmod(0o640)
        data = bytearray(spoiled.read_bytes())
        data[len(data) // 2] ^= 1
        spoiled.write_bytes(data)
        spoiled.chmod(0o440)
        found = self.run_json("verify", code=DAMAGE)
        self.assertEqual([one["kind"] for one in found["findings"] if one["damage"]], ["wrong_bytes"])
        audited = self.audit(self.archive.folder, "--archive-key-file", self.archive.key, code=DAMAGE)
        self.assertEqual([one["kind"] for one in audited["findings"]], ["object_damaged"])
        self.assertIn(str(spoiled), audited["findings"][0]["where"])
        self.run_json("scrub", "--all", code=DAMAGE)
        mended = self.run_json("repair", "--reason", "bit rot")
        self.assertEqual(mended["left"], 0)
        self.assertEqual(self.archive.run("verify").returncode, 0)
        self.assertEqual(traces(self.archive.folder), [])

    def test_a_backup_is_drilled_and_makes_an_encrypted_archive_again(self):
        place, key = self.work / "medium", ("--key-file", self.work / "backup.key")
        for verb in ("init", "run", "verify"):
            self.assertEqual(self.archive.run("backup " + verb, place, *key).returncode, 0, verb)
        second = self.archive.run("backup run", place, *key, "--json")
        self.assertEqual(json.loads(second.stdout)["copied"], 0)
        drilled = json.loads(self.archive.run("backup drill", place, *key, "--json").stdout)
        self.assertEqual(drilled["differences"], 0, drilled)
        self.assertEqual([row["what"] for row in drilled["rows"]],
                         ["objects", "ledger", "records", "files", "index"])
        self.assertEqual(traces(self.archive.folder, place, Filed.temporary), [])
        # With the backup's key alone; what comes of it is opened by the archive's.
        restored = Encrypted(self.work / "restored", self.archive.key)
        ended = juanzong("backup", "restore", place, restored.folder, *key, "--archive",
                         self.work / "nowhere")
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertEqual(juanzong("verify", "--archive", restored.folder).returncode, WRONG_KEY)
        self.assertEqual(restored.run("verify").returncode, 0)
        self.assertEqual(restored.run("index rebuild").returncode, 0)
        self.assertEqual(restored.counts(), self.archive.counts())
        self.assertTrue(restored.hits(sorted(Filed.numbers)[0]))
        self.assertEqual(traces(restored.folder), [])

    def test_can_be_read_by_the_script_in_the_description_of_the_format(self):
        text = (ROOT / "docs" / "STORE_FORMAT.md").read_text(encoding="utf-8")
        script = self.work / "open.py"
        script.write_text(re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1), encoding="utf-8")
        out = self.work / "out"
        subprocess.run(["/usr/bin/python3", script, self.archive.folder, self.archive.key, out], check=True)
        plain = digests(Filed.plain.folder / "objects")
        opened = digests(out / "objects")
        sources = {path for path, digest in opened.items()
                   if digest in {hashlib.sha256((SCANS / name).read_bytes()).hexdigest() for name in SCANNED}}
        self.assertEqual(len(sources), 3)
        self.assertLessEqual(sources, set(plain))
        for path, digest in opened.items():
            self.assertEqual(path.parent.name + path.name, digest)
        database = sqlite3.connect(out / "records.sqlite")
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        self.assertEqual(database.execute("SELECT COUNT(*) FROM pages").fetchone(), (3,))
        database.close()

    def test_the_auditor_needs_the_key_and_says_what_it_can_tell_without(self):
        key = ("--archive-key-file", self.archive.key)
        whole = self.audit(self.archive.folder, *key)
        self.assertTrue(whole["sound"])
        self.assertGreater(whole["rows"], 50)
        self.assertEqual(whole["objects"], len(self.archive.objects()))
        paper = self.work / "paper"
        paper.write_text(Filed.recovery, encoding="utf-8")
        self.assertTrue(self.audit(self.archive.folder, "--archive-recovery-file", paper)["sound"])
        without = self.audit(self.archive.folder, code=DAMAGE)
        self.assertEqual([one["kind"] for one in without["findings"]], ["key_missing"])
        self.assertEqual(without["heads"], whole["heads"])
        self.assertEqual((without["objects"], without["rows"]), (0, 0))
        # A signature that was changed is found without the key.
        heads = self.archive.folder / "ledger" / "heads"
        text = heads.read_text(encoding="utf-8")
        heads.write_text(text[:-2] + ("0" if text[-2] != "0" else "1") + "\n", encoding="utf-8")
        kinds = {one["kind"] for one in self.audit(self.archive.folder, code=DAMAGE)["findings"]}
        self.assertEqual(kinds, {"key_missing", "head_forged"})
        # A changed page of the records is found with it.
        heads.write_text(text, encoding="utf-8")
        records = self.archive.folder / "records.sqlite"
        data = bytearray(records.read_bytes())
        data[32 + 20 * 4128 + 1000] ^= 1
        records.write_bytes(data)
        kinds = {one["kind"] for one in self.audit(self.archive.folder, *key, code=DAMAGE)["findings"]}
        self.assertIn("records_damaged", kinds)
        self.assertEqual(self.archive.run("verify").returncode, DAMAGE)


class Packages(Story):
    def test_a_sealed_package_goes_from_one_encrypted_archive_to_another(self):
        seal = self.work / "seal.key"
        seal.write_text("ab" * 32 + "\n", encoding="utf-8")
        dossier = self.archive.pages()[0]["dossier"]
        package = self.work / "package.jzs"
        made = self.archive.run(
            "package make", "--kind", "transfer", "--dossier", dossier, "--recipient",
            "乙市社会保险中心", "--purpose", "transfer_relation", "--legal-basis", "社会保险法第十九条",
            "--sender", "甲市社会保险中心", "--sign", "--seal-key", seal, "-o", package)
        self.assertEqual(made.returncode, 0, made.stderr)
        key = self.work / "second.key"
        other = Encrypted(self.work / "second", key)
        juanzong("init", other.folder, "--encrypt", "--key-file", key)
        settle_index(other.folder, self.work / "index")
        taken = other.run("package receive", package, "--seal-key", seal)
        self.assertIn(taken.returncode, (0, 5), taken.stdout + taken.stderr)
        self.assertEqual(len(other.pages()),
                         sum(page["dossier"] == dossier for page in self.archive.pages()))
        self.assertEqual(other.run("verify").returncode, 0)
        self.assertEqual(traces(other.folder, self.archive.folder, Filed.temporary), [])
        for archive in (other, self.archive):
            self.assertEqual([path.name for path in (archive.folder / "spool").iterdir()], ["tmp"])


class R15(Story):
    def spots(self, code=ALARMS):
        return {spot["kind"] for spot in self.run_json("selfcheck", code=code)["findings"]}

    def test_a_weak_setting_is_in_the_report_and_the_report_is_kept(self):
        self.assertNotIn("fsync_off", self.spots())
        file = self.archive.folder / "juanzong.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"(?m)^fsync = true", "fsync = false", text), encoding="utf-8")
        objects = len(self.archive.objects())
        report = self.run_json("selfcheck", code=ALARMS)
        self.assertIn("fsync_off", [spot["kind"] for spot in report["findings"]])
        self.assertTrue(report["made_at"] and report["made_by"])
        self.assertTrue(any(part.startswith("libsqlite3") for part in report["components"]))
        self.assertEqual(len(self.archive.objects()), objects + 1)
        verified = self.run_json("verify")
        self.assertEqual((verified["damage"], verified["remarks"]), (0, 0), "it is named by a record")
        self.assertRegex(report["report"], "^sha256-[0-9a-f]{64}$")

    def test_the_index_leaves_the_archive_when_the_settings_say_so(self):
        self.assertFalse(any((self.archive.folder / "index").glob("*")))
        file = self.archive.folder / "juanzong.toml"
        elsewhere = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"(?m)^index_folder = [^#]*", 'index_folder = "" ', elsewhere),
                        encoding="utf-8")
        self.assertEqual(self.archive.run("index rebuild").returncode, 0)
        self.assertTrue(any((self.archive.folder / "index").glob("*")))
        file.write_text(elsewhere, encoding="utf-8")
        self.assertEqual(self.archive.run("index rebuild").returncode, 0)
        self.assertFalse((self.archive.folder / "index").exists())
        self.assertTrue(self.archive.hits(sorted(Filed.numbers)[0]))

    def test_the_archive_is_looked_at(self):
        self.assertNotIn("index_open", self.spots(), "it lies in memory")
        settle = self.archive.folder / "juanzong.toml"
        text = settle.read_text(encoding="utf-8")
        open_index = self.work / "open"
        settle.write_text(re.sub(r"(?m)^index_folder = [^#]*", f'index_folder = "{open_index}" ', text),
                          encoding="utf-8")
        on_plain_disk = "index_open" in self.spots()
        settle.write_text(text, encoding="utf-8")
        self.assertEqual(on_plain_disk, "not_encrypted" in {
            spot["kind"] for spot in json.loads(
                Filed.plain.run("selfcheck", "--no-keep", "--json").stdout)["findings"]})
        (self.archive.folder / "ledger" / "signing.key").chmod(0o644)
        self.assertIn("mode_open", self.spots())
        (self.archive.folder / "ledger" / "signing.key").chmod(0o600)
        slot = next((self.archive.folder / "keys").glob("recovery-*"))
        kept = slot.read_bytes()
        slot.unlink()
        self.assertIn("keys_damaged", self.spots())
        slot.write_bytes(kept)
        self.archive.run("user add", "helper", "--post", "scan_operator", "--password",
                         "--agreement", "WB-1", "--until", "2020-01-01", given=PASSWORD + "\n")
        self.assertIn("agreement_ended", self.spots())


class Unchanged(EndToEnd):
    def test_a_plain_archive_is_as_it_was(self):
        archive = self.new_archive()
        self.assertEqual(sorted(path.name for path in archive.folder.iterdir()),
                         ["inbox", "index", "juanzong.format", "juanzong.toml", "ledger", "lock",
                          "objects", "records.sqlite", "spool"])
        self.assertEqual((archive.folder / "juanzong.format").read_text(encoding="utf-8"),
                         "juanzong archive 1\nThis folder is an archive of Juanzong. Do not change "
                         "anything in it by hand.\nIts format is described in docs/STORE_FORMAT.md of "
                         "the program.\n")
        newer = (archive.folder / "juanzong.format")
        newer.chmod(0o640)
        newer.write_text("juanzong archive 3\n", encoding="utf-8")
        self.assertEqual(archive.run("status").returncode, ARCHIVE_FOREIGN)


if __name__ == "__main__":
    unittest.main()
