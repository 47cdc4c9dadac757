"""R3, R32, R46, R47 by the command line: scrub, repair, replicas, backups, drills, media."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sqlite3
import time
import unittest
from pathlib import Path

from program import (ARCHIVE_FOREIGN, ARCHIVE_MISSING, DAMAGE, NOT_FOUND, ROOT, SCANS, SETTINGS, USAGE,
                     Archive, EndToEnd, digests, filed_once, juanzong)

ALARMS, WRONG_KEY = 9, 22


class Filed:
    """An archive of two TIFF pages and a JPEG, made once; every test works on a copy."""

    folder = None


def setUpModule():
    Filed.folder = filed_once("refund/0001.tif", "refund/0002.tif", "maternity/0001.jpg")


class Custody(EndToEnd):
    def setUp(self):
        super().setUp()
        self.archive = self.copy_of(Filed.folder)
        self.key = self.work / "backup.key"
        self.medium = self.work / "medium"

    def settings(self, **values):
        file = self.archive.folder / "juanzong.toml"
        text = file.read_text(encoding="utf-8")
        for name, value in values.items():
            line = f"{name} = {json.dumps(value, ensure_ascii=False)} "
            text, times = re.subn(rf"(?m)^{name} = [^#]*", lambda _: line, text)
            self.assertEqual(times, 1, name)
        file.write_text(text, encoding="utf-8")

    def run_json(self, *arguments, code=0):
        ended = self.archive.run(*arguments, "--json")
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return json.loads(ended.stdout)

    def sub(self, command, verb, *arguments, code=0):
        ended = juanzong(command, verb, "--archive", self.archive.folder, *arguments, "--json")
        self.assertEqual(ended.returncode, code, ended.stdout + ended.stderr)
        return json.loads(ended.stdout) if ended.stdout else ended

    def backup(self, verb, *arguments, code=0):
        return self.sub("backup", verb, self.medium, *arguments, "--key-file", self.key, code=code)

    def alarms(self):
        return {alarm["alarm"] for alarm in self.run_json("status")["alarms"]}

    def blob(self, name):
        database = sqlite3.connect(self.archive.folder / "records.sqlite")
        row = database.execute("SELECT blob FROM sources WHERE name LIKE ?", (f"%{name}",)).fetchone()
        database.close()
        return row[0]


class R46(Custody):
    def test_a_corrupt_tiff_strip_is_one_task_and_closing_needs_a_repair_record(self):
        sound = self.run_json("scrub", "--all")
        self.assertEqual((sound["defects"], sound["parts"]), ([], 256))
        blob = self.blob("0001.tif")
        self.archive.spoil(blob)
        found = self.run_json("scrub", "--all", code=DAMAGE)
        self.assertEqual([one["object"] for one in found["defects"]], [blob])
        self.assertEqual(found["new_tasks"], [1])
        self.assertEqual(self.run_json("scrub", "--all", code=DAMAGE)["new_tasks"], [])
        self.assertIn("defects_open", self.alarms())
        self.assertEqual(juanzong("task", "close", "--archive", self.archive.folder, 1,
                                  "--repaired").returncode, USAGE)
        self.sub("task", "close", 1, "--repaired", "--method", "none", "--reason", "none", code=DAMAGE)
        shutil.copytree(Filed.folder / "objects", self.work / "copy")
        self.assertEqual(self.archive.run("repair").returncode, USAGE)
        mended = self.run_json("repair", "--reason", "bit rot", "--from", self.work / "copy")
        self.assertEqual(mended["left"], 0)
        self.assertTrue(Path(mended["tasks"][0]["damaged_bytes"]).is_file())
        task = self.sub("task", "list", "--all")[0]
        self.assertEqual((task["open"], task["outcome"], task["reason"]),
                         (False, "repaired", "bit rot"))
        self.assertTrue(task["closed_by"] and task["method"])
        self.assertEqual(self.run_json("scrub", "--all")["defects"], [])
        self.assertNotIn("defects_open", self.alarms())
        self.assertEqual(self.archive.run("verify").returncode, 0)

    def test_right_bytes_that_cannot_be_decoded_are_a_task(self):
        # As if the picture had been filed when some decoder still read it.
        spoiled = bytearray((SCANS / "refund" / "0001.tif").read_bytes()[:5000])
        scans = self.work / "more"
        scans.mkdir()
        (scans / "old.tif").write_bytes(spoiled)
        self.archive.ingest(scans)
        database = sqlite3.connect(self.archive.folder / "records.sqlite")
        database.execute("UPDATE pages SET state = 'filed', fault_stage = '', fault_reason = '', "
                         "doc_type = 'DT05' WHERE state = 'set_aside'")
        database.commit()
        database.close()
        found = self.run_json("scrub", "--all", code=DAMAGE)
        self.assertEqual([one["defect"] for one in found["defects"]], ["undecodable"])

    def test_shares_and_what_is_due(self):
        self.assertEqual(self.run_json("scrub")["parts"], 9)
        self.assertEqual(self.run_json("scrub", "--part", "3/7", "--limit", "500")["parts"], 36)
        for wrong in ("0/7", "8/7", "1/257", "x", "1/"):
            self.assertEqual(self.archive.run("scrub", "--part", wrong).returncode, USAGE, wrong)


class Replicas(Custody):
    def test_are_begun_filled_and_heal_the_archive(self):
        self.assert_says(self.archive.run("replicate"), SETTINGS)
        folder = self.work / "second disk"
        self.settings(replicas=[str(folder)])
        self.assertEqual(self.archive.run("replicate").returncode, ARCHIVE_MISSING)
        first = self.run_json("replicate", "--begin")["replicas"][0]
        self.assertEqual(first["copied"], len(self.archive.objects()))
        self.assertEqual(self.run_json("replicate")["replicas"][0]["copied"], 0)
        self.assertEqual(digests(folder / "objects" / "sha256"),
                         digests(self.archive.folder / "objects" / "sha256"))
        self.archive.spoil(self.blob("0002.tif"))
        self.run_json("scrub", "--all", code=DAMAGE)
        self.assertEqual(self.run_json("repair", "--reason", "a bad disk")["left"], 0)
        self.assertEqual(self.archive.run("verify").returncode, 0)


class Begun(Custody):
    def setUp(self):
        super().setUp()
        self.recovery = self.backup("init")["recovery_key"]


class Backups(Begun):
    def test_come_back_and_prove_it(self):
        made = self.backup("run")
        self.assertEqual((made["copied"], made["lacking"]), (made["objects"], 0))
        self.assertEqual(self.backup("run")["copied"], 0)
        self.assertEqual(len(self.backup("list")), 2)
        checked = self.backup("verify")
        self.assertTrue(checked["sound"])
        self.assertEqual((checked["objects"], checked["decoded"]), (made["objects"], 3))
        # What a drill left that was killed; no process has such a number.
        (self.archive.folder / "spool" / "tmp" / "drill-99999999" / "objects").mkdir(parents=True)
        drill = self.backup("drill")
        self.assertEqual(drill["differences"], 0, drill)
        compared = {row["what"]: row["compared"] for row in drill["rows"]}
        self.assertEqual(set(compared), {"objects", "ledger", "records", "files", "index"})
        self.assertTrue(all(compared.values()), compared)
        self.assertEqual(list((self.archive.folder / "spool" / "tmp").iterdir()), [])
        self.backup("restore", self.work / "restored")
        restored = Archive(self.work / "restored")
        self.assertEqual(restored.run("verify").returncode, 0)
        self.assertEqual(juanzong("index", "rebuild", "--archive", restored.folder).returncode, 0)
        query = self.archive.pages()[0]["title"] or "申请"
        self.assertEqual(restored.hits(query), self.archive.hits(query))
        auditor = Path(os.environ["JUANZONG"]).with_name("juanzong-audit")
        self.assertEqual(subprocess.run([auditor, restored.folder], stdout=subprocess.DEVNULL).returncode, 0)
        # The living archive has gone on meanwhile; the backup is still how it was.
        self.assertEqual(self.archive.run("verify").returncode, 0)
        self.assertNotIn("backup_overdue", self.alarms())

    def test_a_drill_names_what_is_not_equal(self):
        self.backup("run")
        database = sqlite3.connect(self.archive.folder / "records.sqlite")
        database.execute("UPDATE pages SET title = 'another' WHERE page = 1")
        database.commit()
        database.close()
        drill = self.backup("drill", code=DAMAGE)
        self.assertIn("row 1 of pages is another one",
                      [line for row in drill["rows"] for line in row["differences"]])

    def test_open_by_the_recovery_key_and_by_no_other(self):
        self.backup("run")
        paper = self.work / "paper"
        paper.write_text(self.recovery.upper() + "\n")
        elsewhere = ["--archive", self.work / "gone"]
        self.assertEqual(juanzong("backup", "list", *elsewhere, self.medium, "--recovery-file",
                                  paper).returncode, 0)
        restored = juanzong("backup", "restore", *elsewhere, self.medium, self.work / "new",
                            "--recovery-file", paper)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertEqual(Archive(self.work / "new").run("verify").returncode, 0)
        other = self.work / "other.key"
        other.write_text("0" * 64 + "\n")
        self.assert_says(juanzong("backup", "list", *elsewhere, self.medium, "--key-file", other),
                         WRONG_KEY, "recovery key")
        self.assert_says(juanzong("backup", "list", *elsewhere, self.medium), USAGE, "--key-file")
        fresh = self.work / "fresh.key"
        rekeyed = juanzong("backup", "rekey", *elsewhere, self.medium, "--recovery-file", paper,
                           "--new-key-file", fresh)
        self.assertEqual(rekeyed.returncode, 0, rekeyed.stderr)
        self.assert_says(juanzong("backup", "list", *elsewhere, self.medium, "--key-file", self.key),
                         WRONG_KEY)
        self.key = fresh
        self.assertEqual(len(self.backup("list")), 1)

    def test_places_that_are_none_are_told(self):
        for place, code in ((self.work / "not mounted", ARCHIVE_MISSING),
                            (self.archive.folder, ARCHIVE_MISSING)):
            ended = juanzong("backup", "run", "--archive", self.archive.folder, place, "--key-file", self.key)
            self.assert_says(ended, code, "medium")
        ended = juanzong("backup", "init", "--archive", self.archive.folder, self.archive.folder,
                         "--key-file", self.key)
        self.assert_says(ended, USAGE, "empty")
        other = self.new_archive("other")
        ended = juanzong("backup", "run", "--archive", other.folder, self.medium, "--key-file", self.key)
        self.assert_says(ended, ARCHIVE_FOREIGN, "another archive")

    def test_prune_keeps_what_is_kept(self):
        for _ in range(3):
            self.backup("run")
        self.assertEqual(len(self.backup("prune", "--keep", 1, "--dry-run")["removed"]), 2)
        self.assertEqual(len(self.backup("prune", "--keep", 1)["removed"]), 2)
        self.assertEqual(len(self.backup("list")), 1)
        self.assertTrue(self.backup("verify")["sound"])
        self.assertEqual(self.backup("drill")["differences"], 0)

    def beside(self, *arguments):
        running = subprocess.Popen(
            [os.environ["JUANZONG"], "backup", arguments[0], "--archive", self.archive.folder,
             self.medium, *arguments[1:], "--key-file", self.key, "--json"],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(running.stdout.close)
        self.addCleanup(running.kill)
        return running

    def test_prune_writes_down_before_it_takes_away(self):
        for _ in range(2):
            self.backup("run")
        files = sorted(self.medium.rglob("*"))
        with open(self.archive.folder / "lock", "r+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            pruning = self.beside("prune", "--keep", "1")
            time.sleep(2)
            self.assertIsNone(pruning.poll(), "it waits for the archive")
            self.assertEqual(sorted(self.medium.rglob("*")), files)
        self.assertEqual(len(json.loads(pruning.communicate(timeout=60)[0])["removed"]), 1)
        self.assertEqual(pruning.returncode, 0)
        self.assertTrue(self.backup("verify")["sound"])
        self.assertNotIn("backup_damaged", self.alarms())

    def test_a_backup_that_is_gone_is_found(self):
        for _ in range(2):
            self.backup("run")
        gone = max((self.medium / "backups").iterdir())
        gone.rename(self.work / "away")
        found = self.backup("verify", code=DAMAGE)
        self.assertFalse(found["sound"])
        self.assertEqual([(one["kind"], one["where"]) for one in found["findings"]],
                         [("missing", f"backups/{gone.name}")])
        self.assertIn("backup_damaged", self.alarms())
        (self.work / "away").rename(gone)
        self.assertTrue(self.backup("verify")["sound"])
        self.assertNotIn("backup_damaged", self.alarms())

    def test_one_that_cannot_be_read_stops_no_other(self):
        for _ in range(3):
            self.backup("run")
        first, middle, last = sorted(path.name for path in (self.medium / "backups").iterdir())
        broken = self.medium / "backups" / middle
        broken.chmod(0o640)
        broken.write_bytes(broken.read_bytes()[:-1])
        listed = self.backup("list", code=DAMAGE)
        self.assertEqual([(one["backup"], one["damaged"]) for one in listed],
                         [(first, False), (middle, True), (last, False)])
        pruned = self.backup("prune", "--keep", 1, code=DAMAGE)
        self.assertEqual((pruned["kept"], pruned["removed"], pruned["unreadable"], pruned["files"]),
                         ([last], [first], [middle], 0))
        self.backup("verify", "--set-aside", code=DAMAGE)
        self.assertTrue(self.backup("verify")["sound"], "what was given up is not missed")
        self.assertGreater(self.backup("prune", "--keep", 1)["files"], 0)
        self.assertNotIn("backup_damaged", self.alarms())

    def test_a_backup_that_comes_while_another_is_verified_is_left_to_the_next(self):
        self.backup("run")
        with open(self.archive.folder / "lock", "r+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            verifying = self.beside("verify")
            time.sleep(2)  # it has read everything, and waits for the archive
            running = self.beside("run")
            while len(list((self.medium / "backups").iterdir())) < 2:
                self.assertIsNone(running.poll(), "it ended by itself")
                time.sleep(0.02)
        self.assertTrue(json.loads(verifying.communicate(timeout=60)[0])["sound"])
        self.assertEqual(verifying.returncode, 0)
        self.assertTrue(json.loads(running.communicate(timeout=60)[0])["written_down"])
        self.assertNotIn("backup_damaged", self.alarms())

    def test_a_way_in_that_is_missing_is_found(self):
        self.backup("run")
        slot, = (self.medium / "keys").glob("recovery-*")
        slot.unlink()
        found = self.backup("verify", code=DAMAGE)["findings"]
        self.assertEqual([(one["kind"], one["where"]) for one in found], [("key", "keys")])
        rekey = ("backup", "rekey", "--archive", self.archive.folder, self.medium, "--key-file", self.key)
        self.assert_says(juanzong(*rekey), USAGE, "no new key was named")
        self.assertEqual(juanzong(*rekey, "--new-recovery").returncode, 0)
        self.assertTrue(self.backup("verify")["sound"])

    def test_can_be_read_by_the_script_in_the_description_of_the_format(self):
        self.backup("run")
        text = (ROOT / "docs" / "BACKUP_FORMAT.md").read_text(encoding="utf-8")
        script = self.work / "open.py"
        script.write_text(re.search(r"```python\n(.*?)```", text, re.DOTALL).group(1), encoding="utf-8")

        def opened(*arguments):
            return subprocess.run(["/usr/bin/python3", script, self.medium, self.key, *arguments],
                                  check=True, stdout=subprocess.PIPE).stdout

        expand = ["/usr/bin/zstd", "-dc"]
        manifest = subprocess.run(expand, input=opened(), check=True, stdout=subprocess.PIPE).stdout.decode()
        self.assertTrue(manifest.startswith("juanzong backup 1\n"))
        blob = self.blob("0001.tif")
        self.assertEqual(opened("object", blob), (SCANS / "refund" / "0001.tif").read_bytes())
        records = b"".join(
            subprocess.run(expand, input=opened("piece", piece), check=True, stdout=subprocess.PIPE).stdout
            for piece in re.findall(r"piece\t(\S+)", manifest.split("file\trecords.sqlite")[1].split("list\t")[0]))
        self.assertTrue(records.startswith(b"SQLite format 3"))


class R3(Begun):
    def test_one_flipped_byte_is_found_and_the_object_named(self):
        self.backup("run")
        blob = self.blob("0002.tif")
        size = (SCANS / "refund" / "0002.tif").stat().st_size
        file = min((self.medium / "data").glob("*/*"), key=lambda path: abs(path.stat().st_size - size - 72))
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.chmod(0o640)
        file.write_bytes(data)
        found = self.backup("verify", code=DAMAGE)
        self.assertEqual([one["object"] for one in found["findings"]], [blob])
        self.assertIn("backup_damaged", self.alarms())
        self.backup("restore", self.work / "restored", code=DAMAGE)
        self.assertEqual(Archive(self.work / "restored").run("verify").returncode, ARCHIVE_MISSING)
        self.backup("verify", "--set-aside", code=DAMAGE)
        self.assertEqual(self.backup("run")["copied"], 1)
        self.assertTrue(self.backup("verify")["sound"])
        self.assertNotIn("backup_damaged", self.alarms())


class Media(Custody):
    def add(self, name, site, *arguments):
        return self.sub("medium", "add", name, "--site", site, "--keeper", "李明", *arguments)

    def export(self, name):
        self.backup("init", "--medium", name)
        self.backup("run")


class R47(Media):
    def test_media_at_the_same_site_alone_are_an_alarm(self):
        self.settings(site="市局")
        self.assertNotIn("no_second_site", self.alarms())
        self.add("U01", "市局")
        self.assertIn("no_second_site", self.alarms())
        self.export("U01")
        self.sub("medium", "read-back", "U01", self.medium, "--key-file", self.key)
        self.assertIn("no_second_site", self.alarms())
        ended = self.archive.run("status", "--alarms")
        self.assertEqual(ended.returncode, ALARMS)
        self.assertIn("ALARM", ended.stdout)
        self.medium = self.work / "other medium"
        self.add("U02", "省馆")
        self.export("U02")
        self.sub("medium", "read-back", "U02", self.medium, "--key-file", self.key)
        self.assertNotIn("no_second_site", self.alarms())
        self.assertEqual(self.archive.run("status", "--alarms").returncode, 0)


class R32(Media):
    def test_export_read_back_compare_and_a_date_in_the_past(self):
        self.assertEqual(juanzong("backup", "init", "--archive", self.archive.folder, self.medium, "--medium",
                                  "U01", "--key-file", self.key).returncode, NOT_FOUND)
        self.add("U01", "省馆", "--place", "B-3", "--due", "2020-01-01")
        self.assertIn("read_back_overdue", self.alarms())
        self.export("U01")
        for file in (self.medium / "data").rglob("*"):
            self.assertFalse(file.is_file() and file.read_bytes().startswith((b"II*", b"MM\0*", b"\xff\xd8")))
        checked = self.sub("medium", "read-back", "U01", self.medium, "--key-file", self.key)
        self.assertTrue(checked["sound"])
        listed = self.sub("medium", "list")[0]
        self.assertEqual((listed["result"], listed["keeper"]), ("sound", "李明"))
        self.assertNotIn("read_back_overdue", self.alarms())
        self.add("U02", "省馆")
        ended = juanzong("medium", "read-back", "--archive", self.archive.folder, "U02", self.medium, "--key-file",
                         self.key)
        self.assert_says(ended, ARCHIVE_FOREIGN, "U01")


if __name__ == "__main__":
    unittest.main()
