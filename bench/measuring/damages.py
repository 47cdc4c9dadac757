"""Damages as disks, people and other programs do them to an archive's files, more than twenty kinds.

Each is made on a fresh copy of a small archive; `verify` must name what was damaged.
"""

import os
import shutil

SECTOR = 512


class Vandal:
    """Each kind changes an archive's folder and returns names, one of which a finding must bear."""

    def __init__(self, chance, older):
        self.chance = chance
        self.older = older  # a copy of the archive as it was before its last batch

    # -- help

    HELP = ("HELP", "objects", "some_object", "name", "spoil", "zero_sector", "cut", "kinds",
            "object_kinds")

    def objects(self, folder):
        return sorted(path for path in (folder / "objects" / "sha256").glob("*/*"))

    def some_object(self, folder, least=1):
        return self.chance.choice([path for path in self.objects(folder)
                                   if path.stat().st_size >= least])

    @staticmethod
    def name(path):
        return f"{path.parent.name}/{path.name}"

    def spoil(self, path, change):
        """Writes what `change` makes of a file's bytes, the mode as it was."""
        mode = path.stat().st_mode
        content = bytearray(path.read_bytes())
        before = bytes(content)
        change(content)
        if bytes(content) == before:
            content += b"\0"
        path.chmod(0o640)
        path.write_bytes(content)
        path.chmod(mode)
        return [self.name(path)]

    def zero_sector(self, content):
        at = self.chance.randrange(max(1, len(content) // SECTOR)) * SECTOR
        content[at:at + SECTOR] = bytes(len(content[at:at + SECTOR]))

    def cut(self, content):
        del content[self.chance.randrange(len(content)):]

    # -- objects

    def object_deleted(self, folder):
        path = self.some_object(folder)
        path.unlink()
        return [self.name(path)]

    def object_cut(self, folder):
        return self.spoil(self.some_object(folder), self.cut)

    def object_emptied(self, folder):
        return self.spoil(self.some_object(folder), bytearray.clear)

    def object_sector_zeroed(self, folder):
        return self.spoil(self.some_object(folder), self.zero_sector)

    def object_sectors_exchanged(self, folder):
        def exchange(content):
            first, last = content[:SECTOR], content[-SECTOR:]
            content[:SECTOR], content[-SECTOR:] = last, first
        return self.spoil(self.some_object(folder, 2 * SECTOR), exchange)

    def object_appended(self, folder):
        return self.spoil(self.some_object(folder), lambda content: content.extend(b"\0"))

    def object_byte_lost(self, folder):
        def lose(content):
            del content[self.chance.randrange(len(content))]
        return self.spoil(self.some_object(folder), lose)

    def objects_exchanged(self, folder):
        one, other = self.chance.sample(self.objects(folder), 2)
        between = folder / "between"
        one.rename(between)
        other.rename(one)
        between.rename(other)
        return [self.name(one)]

    def object_copied_over(self, folder):
        one, other = self.chance.sample(self.objects(folder), 2)
        return self.spoil(one, lambda content: content.__setitem__(slice(None), other.read_bytes()))

    def object_renamed(self, folder):
        path = self.some_object(folder)
        path.rename(path.with_name(path.name[::-1]))
        return [self.name(path)]

    def object_moved(self, folder):
        path = self.some_object(folder)
        shard = path.parent.with_name(f"{(int(path.parent.name, 16) + 1) % 256:02x}")
        shard.mkdir(exist_ok=True)
        path.rename(shard / path.name)
        return [self.name(path)]

    def object_made_a_link(self, folder):
        path = self.some_object(folder)
        away = folder.parent / "taken_away"
        shutil.move(path, away)
        path.symlink_to(away)
        return [self.name(path)]

    def object_made_a_folder(self, folder):
        path = self.some_object(folder)
        path.unlink()
        path.mkdir()
        return [self.name(path)]

    def object_made_writable(self, folder):
        path = self.some_object(folder)
        path.chmod(0o660)
        return [self.name(path)]

    def shard_renamed(self, folder):
        shard = self.some_object(folder).parent
        shard.rename(shard.with_name(f"{shard.name}.old"))
        return [f"{shard.name}.old", f"{shard.name}/"]

    def stranger_among_objects(self, folder):
        path = self.some_object(folder).with_name("Thumbs.db")
        path.write_bytes(b"stranger")
        return [self.name(path)]

    # -- records and ledger

    def records_cut(self, folder):
        self.spoil(folder / "records.sqlite", self.cut)
        return ["records.sqlite"]

    def records_emptied(self, folder):
        self.spoil(folder / "records.sqlite", bytearray.clear)
        return ["records.sqlite"]

    def records_deleted(self, folder):
        (folder / "records.sqlite").unlink()
        return ["records.sqlite"]

    def records_begin_zeroed(self, folder):
        def zero(content):
            content[:SECTOR] = bytes(SECTOR)
        self.spoil(folder / "records.sqlite", zero)
        return ["records.sqlite"]

    def records_older(self, folder):
        shutil.copy(self.older / "records.sqlite", folder / "records.sqlite")
        return ["records.sqlite", "entry ", "ledger/heads"]

    def heads_deleted(self, folder):
        (folder / "ledger" / "heads").unlink()
        return ["ledger"]

    def heads_line_lost(self, folder):
        lines = (folder / "ledger" / "heads").read_bytes().splitlines(keepends=True)
        del lines[-1]
        (folder / "ledger" / "heads").write_bytes(b"".join(lines))
        return ["ledger"]

    def heads_sector_zeroed(self, folder):
        self.spoil(folder / "ledger" / "heads", self.zero_sector)
        return ["ledger/heads"]

    def leaves_cut(self, folder):
        self.spoil(folder / "ledger" / "leaves", self.cut)
        return ["ledger/leaves"]

    def leaves_deleted(self, folder):
        (folder / "ledger" / "leaves").unlink()
        return ["ledger/leaves"]

    def leaves_older(self, folder):
        shutil.copy(self.older / "ledger" / "leaves", folder / "ledger" / "leaves")
        return ["ledger/leaves"]

    def public_key_lost(self, folder):
        for path in (folder / "ledger" / "keys").iterdir():
            path.unlink()
        return ["ledger/keys", "ledger/heads"]

    def public_key_emptied(self, folder):
        for path in (folder / "ledger" / "keys").iterdir():
            self.spoil(path, bytearray.clear)
        return ["ledger/keys"]

    def signing_key_emptied(self, folder):
        self.spoil(folder / "ledger" / "signing.key", bytearray.clear)
        return ["signing.key"]

    def signing_key_of_another(self, folder):
        shutil.copy(self.older.parent / "other" / "ledger" / "signing.key",
                    folder / "ledger" / "signing.key")
        return ["signing.key"]

    # -- what the archive is

    def mark_emptied(self, folder):
        self.spoil(folder / "juanzong.format", bytearray.clear)
        return ["juanzong.format"]

    def mark_deleted(self, folder):
        (folder / "juanzong.format").unlink()
        return [str(folder)]

    def settings_emptied(self, folder):
        self.spoil(folder / "juanzong.toml", bytearray.clear)
        return ["juanzong.toml"]

    def settings_appended(self, folder):
        self.spoil(folder / "juanzong.toml", lambda content: content.extend(b"# by hand\n"))
        return ["juanzong.toml"]

    def kinds(self):
        return [getattr(self, name) for name in vars(Vandal)
                if not name.startswith("_") and name not in self.HELP]

    def object_kinds(self):
        """Those that damage one object's own file and leave all others alone."""
        return [self.object_deleted, self.object_cut, self.object_emptied, self.object_appended,
                self.object_sector_zeroed, self.object_byte_lost]
