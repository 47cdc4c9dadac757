"""How the tools in bench/ count: each finding is seen, and a clean run has none."""

import random
import stat
import sys
import tempfile
import textwrap
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from measuring import cut_disks, hostile, kill, memory, processes, sampling  # noqa: E402
from measuring.program import Archive, Failed  # noqa: E402

# A stand-in for the program: one page a file, 20 ms each; FAULT says what it does wrong.
PRETENDED = """
    #!/usr/bin/python3
    import json, os, sys, time
    fault = {fault!r}
    name, arguments = sys.argv[1], sys.argv[2:]
    def option(text):
        return arguments[arguments.index(text) + 1] if text in arguments else None
    folder = option("--archive") or arguments[0]
    log = folder + "/pages"
    def pages():
        with open(log) as file:
            return [line.split("\\t") for line in file.read().splitlines()]
    if name == "init":
        os.makedirs(folder)
        open(folder + "/juanzong.toml", "w").close()
        open(log, "w").close()
    elif name == "ingest":
        inputs = arguments[arguments.index("--no-wait") + 1]
        done = {{row[1] for row in pages()}} if fault != "twice" else set()
        files = sorted(os.listdir(inputs))
        if fault == "skip":
            files = files[:-1]
        for file in files:
            if file in done:
                continue
            number = len(pages()) + 1
            with open(log, "a") as out:
                out.write(f"{{number}}\\t{{file}}\\n")
            if option("--acknowledge"):
                with open(option("--acknowledge"), "a") as out:
                    out.write(f"{{number}}\\t{{file}}\\t0\\n")
            if fault == "crash" and number == 2:
                os.abort()
            time.sleep(0.02)
    elif name == "show":
        for number, file in pages():
            bad = file.startswith("bad")
            print(json.dumps({{"page": int(number), "source": file, "page_in_file": 0,
                               "state": "set_aside" if bad else "filed",
                               "reason": "decoder_crashed" if bad else None}}))
    elif name == "status":
        print(json.dumps({{"all": {{"files_kept_unread": 0}}}}))
    elif name == "verify":
        count = len(pages())
        kind = "wrong_bytes" if fault == "damage" and 1 < count < 8 else \
               "nothing_checked" if count == 0 or fault == "empty" else None
        found = [{{"kind": kind, "damage": True, "where": "here", "what": "bad"}}] if kind else []
        print(json.dumps({{"findings": found}}))
        sys.exit(3 if found else 0)
"""


class Pretended(unittest.TestCase):
    """Gives each test a folder with scans and a pretended program with a chosen fault."""

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.work = Path(temporary.name)
        self.scans = self.work / "scans"
        self.scans.mkdir()
        for name in ("1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.jpg", "7.jpg", "bad.jpg"):
            (self.scans / name).write_bytes(b"")

    def program(self, fault=""):
        file = self.work / "pretended"
        file.write_text(textwrap.dedent(PRETENDED.format(fault=fault)).lstrip())
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file


class KillCampaign(Pretended):
    def outcome(self, fault="", points=6):
        campaign = kill.Campaign(self.scans, self.work / "work", random.Random(1),
                                 program=self.program(fault))
        return campaign.run(points)

    def test_a_good_program_has_no_finding(self):
        found = self.outcome()
        self.assertEqual((found.points, found.lost, found.corrupt, found.duplicates), (6, 0, 0, 0))
        self.assertGreaterEqual(found.archives, 1)

    def test_an_acknowledged_page_that_is_not_there_is_seen(self):
        campaign = kill.Campaign(self.scans, self.work, random.Random(1), program=self.program())
        archive = Archive.fresh(self.work / "archive", self.program())
        archive.ingest(self.scans)
        acknowledge = self.work / "acknowledged"
        acknowledge.write_text("1\t1.jpg\t0\n9\t9.jpg\t0\n", encoding="utf-8")
        campaign.check_after_kill(archive, acknowledge)
        self.assertEqual((campaign.outcome.lost, campaign.outcome.corrupt), (1, 0))

    def test_pages_filed_twice_are_seen(self):
        self.assertGreater(self.outcome("twice").duplicates, 0)

    def test_damage_is_seen(self):
        self.assertGreater(self.outcome("damage").corrupt, 0)

    def test_an_archive_that_holds_nothing_is_damaged_once_something_was_acknowledged(self):
        archive = Archive.fresh(self.work / "archive", self.program("empty"))
        self.assertTrue(kill.damage(archive))
        self.assertFalse(kill.damage(archive, anything_acknowledged=False))

    def test_an_end_that_nobody_asked_for_stops_the_campaign(self):
        with self.assertRaises(Failed):
            self.outcome("crash")

    def test_differences(self):
        expected = Counter({("a.tif", 0, "filed"): 1, ("a.tif", 1, "filed"): 1})
        found = Counter({("a.tif", 0, "filed"): 2})
        self.assertEqual(kill.differences(found, expected), (1, 1))

    def test_a_half_written_acknowledgement_counts_for_nothing(self):
        file = self.work / "acknowledged"
        file.write_text("1\ta.tif\t0\n2\ta.t", encoding="utf-8")
        kill.drop_half_line(file)
        self.assertEqual(kill.acknowledged(file), {kill.Page(1, "a.tif", 0)})
        self.assertEqual(kill.acknowledged(self.work / "none"), set())


class Hostile(Pretended):
    def outcome(self, fault=""):
        archive = Archive.fresh(self.work / "archive", self.program(fault))
        return hostile.run(archive, self.scans)

    def test_every_file_is_filed_or_set_aside(self):
        found = self.outcome()
        self.assertEqual((found.files, found.filed, found.set_aside), (8, 7, 1))
        self.assertEqual((found.crashes, found.hangs, found.silent_skips), (0, 0, 0))
        self.assertEqual(found.decoder_ends, 1)

    def test_a_silent_skip_is_seen(self):
        self.assertEqual(self.outcome("skip").silent_skips, 1)

    def test_a_crash_is_counted_and_the_rest_still_measured(self):
        found = self.outcome("crash")
        self.assertEqual((found.crashes, found.filed + found.set_aside), (1, 8))


class CutDisks(unittest.TestCase):
    SECTOR = cut_disks.SECTOR

    def recorded(self, *records):
        return cut_disks.Recorded(bytes(4 * self.SECTOR), list(records))

    def write(self, sector, letter):
        return (cut_disks.WRITE, sector * self.SECTOR, letter * self.SECTOR)

    def test_in_order_each_write_before_the_cut_is_there_and_none_after_it(self):
        disks = cut_disks.Disks(self.recorded(self.write(0, b"a"), self.write(1, b"b"),
                                              self.write(0, b"c")))
        self.assertEqual(disks.at(2)[::self.SECTOR], b"ab\0\0")
        self.assertEqual(disks.at(3)[::self.SECTOR], b"cb\0\0")

    def test_what_was_flushed_stays_and_what_was_not_may_go(self):
        flush = (cut_disks.FLUSH, 0, b"")
        disks = cut_disks.Disks(self.recorded(self.write(0, b"a"), flush, self.write(1, b"b")))
        left = {bytes(disks.at(3, random.Random(seed)))[::self.SECTOR] for seed in range(50)}
        self.assertEqual(left, {b"a\0\0\0", b"ab\0\0"})

    def test_a_torn_write_keeps_some_of_its_sectors(self):
        long = (cut_disks.WRITE, 0, b"a" * 4 * self.SECTOR)
        left = {bytes(cut_disks.Disks(self.recorded(long)).at(1, random.Random(seed)))
                [::self.SECTOR].count(b"a") for seed in range(200)}
        self.assertEqual(left, {0, 1, 2, 3, 4})

    def test_a_witness_is_known_as_far_as_it_was_written_before_the_cut(self):
        told = cut_disks.TOLD + 1
        recorded = self.recorded((told, 0, b"one\n"), (told, 4, b"two\nthr"), (told, 11, b"ee\n"),
                                 (cut_disks.CUT + 1, 4, b""))
        self.assertEqual([recorded.told(1, until) for until in range(5)],
                         [[], ["one"], ["one", "two"], ["one", "two", "three"], ["one"]])


class Measuring(unittest.TestCase):
    def test_cost_counts_processor_time_and_memory_of_children(self):
        work = "x = bytearray(60_000_000)\nimport time\nend = time.process_time() + 0.5\n" \
               "while time.process_time() < end: pass"
        child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"
        cost = processes.measured(["/usr/bin/python3", "-c", child])
        self.assertEqual(cost.exit_code, 0)
        self.assertGreater(cost.cpu_s, 0.45)
        self.assertGreater(cost.peak_mb, 60)

    def test_a_large_batch_is_a_small_one_again_and_again_under_new_names(self):
        with tempfile.TemporaryDirectory() as folder:
            small, large = Path(folder) / "small", Path(folder) / "large"
            (small / "box").mkdir(parents=True)
            files = [small / "1.jpg", small / "box" / "2.jpg"]
            for file in files:
                file.write_bytes(file.name.encode())
            self.assertEqual(memory.copies(files, small, large, 5), 5)
            made = sorted(str(path.relative_to(large)) for path in large.rglob("*.jpg"))
            self.assertEqual(made, ["1/1.jpg", "1/box/2.jpg", "2/1.jpg", "2/box/2.jpg", "3/1.jpg"])
            self.assertEqual((large / "2" / "box" / "2.jpg").read_bytes(), b"2.jpg")

    def test_a_batch_of_nothing_is_no_measurement(self):
        with self.assertRaises(Failed):
            memory.copies([], Path("scans"), Path("large"), 5)

    def test_a_sample_is_spread_evenly(self):
        self.assertEqual(sampling.spread(list(range(10)), 4), [0, 2, 5, 7])
        self.assertEqual(sampling.spread([1, 2], 5), [1, 2])
        self.assertEqual(sampling.spread([1, 2], None), [1, 2])


if __name__ == "__main__":
    unittest.main()
