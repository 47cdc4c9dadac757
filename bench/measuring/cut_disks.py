"""Disks that remember what was done to them, and what is left of them after a power cut.

A disk is recorded by bench/rigs/recording_disk.cpp, with every flush, and with what was told to the
world outside meanwhile. Any moment of it can be made again.
"""

import struct
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from measuring.program import Failed, tool

SECTOR = 512
WRITE, FLUSH, TOLD, CUT = 1, 2, 16, 32
KEPT = 0.5        # of the unflushed writes, whole
TORN = 0.4        # of the others: each sector of them is there or not
RECORD = struct.Struct("<3Q")

FILE_SYSTEMS = {
    "ext4": ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"],
    "ext4_without_journal": ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0",
                             "-O", "^has_journal"],
}


@contextmanager
def mounted(what, place, *options):
    done = subprocess.run(["mount", *options, what, place], stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise OSError(f"mount {place}: {done.stderr}")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def with_file_system(image, mkfs, mebibytes):
    with open(image, "wb") as file:
        file.truncate(mebibytes << 20)
    subprocess.run([*mkfs, image], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def recording(image, log, windows, witnesses):
    """Serves the file `disk` and the witnesses in the folder `windows`."""
    windows.mkdir(exist_ok=True)
    server = subprocess.Popen([tool("juanzong_recording_disk"), image, log, windows, *witnesses])
    try:
        while not (windows / "disk").exists():
            if server.poll() is not None:
                raise Failed("power: the recording disk does not start: no FUSE here?")
            time.sleep(0.01)
        yield windows
    finally:
        subprocess.run(["umount", windows], check=False)
        if server.wait() != 0:
            raise Failed("power: the recording disk failed")


@dataclass
class Recorded:
    base: bytes                                  # the disk before anything was done
    records: list = field(default_factory=list)  # (what, where, bytes), in the disk's order

    @classmethod
    def read(cls, image, log):
        recorded, raw, at = cls(image.read_bytes()), log.read_bytes(), 0
        while at < len(raw):
            what, where, length = RECORD.unpack_from(raw, at)
            at += RECORD.size
            recorded.records.append((what, where, raw[at:at + length]))
            at += length
        return recorded

    def told(self, witness, until):
        """The whole lines of a witness when the disk had seen `until` records."""
        text = bytearray()
        for what, where, content in self.records[:until]:
            if what == TOLD + witness:
                text[where:where + len(content)] = content
            elif what == CUT + witness:
                del text[where:]
        return bytes(text[:text.rfind(b"\n") + 1]).decode().splitlines()


def write_at(disk, where, content):
    disk[where:where + len(content)] = content


class Disks:
    """Disks as of moments that come one after the other."""

    def __init__(self, recorded):
        self.records = recorded.records
        self.flushed = bytearray(recorded.base)  # what no power cut takes away
        self.done = 0                            # records in it

    def at(self, moment, torn_by=None):
        """The disk when the power went before record `moment`: with every unflushed write, or with
        what the random numbers `torn_by` leave of them."""
        flushes = [i for i in range(self.done, moment) if self.records[i][0] == FLUSH]
        if flushes:
            for what, where, content in self.records[self.done:flushes[-1]]:
                if what == WRITE:
                    write_at(self.flushed, where, content)
            self.done = flushes[-1]
        disk = bytearray(self.flushed)
        for what, where, content in self.records[self.done:moment]:
            if what != WRITE:
                continue
            if torn_by is None or torn_by.random() < KEPT:
                write_at(disk, where, content)
            elif torn_by.random() < TORN:
                for sector in range(0, len(content), SECTOR):
                    if torn_by.random() < KEPT:
                        write_at(disk, where + sector, content[sector:sector + SECTOR])
        return disk
