"""What befalls the files beside the sources: outputs altered by hand, a store that is lost, damaged or an old one, a moved site."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from newsgen.build.cache.state import CLOCK
from newsgen.build.cache.store import FOLDER, NAME
from newsgen.build.output.manifest import MANIFEST, STAGING, read_manifest
from newsgen.core.model import SHANGHAI

DAYS = (0, 1, 4, 6, 7, 8, 9, -1, -88, -200)
"""Days before and after 1 June 2024 at which something in edits.py begins or ends."""
MINUTES = (1, 60 * 8, 60 * 12 + 30, -1, -60 * 24)


class Disturbances:
    """Does harm to the site at `root`. `below(n)` chooses a number below n; every deed is told in `done`."""

    def __init__(self, root: Path, now: datetime, below: Callable[[int], int], done: list[str]) -> None:
        self.root, self.now, self.below, self.done = root, now, below, done
        self.is_forgetful = False  # whether the store may lack something that an earlier build put there
        self._stores: list[dict[str, bytes]] = []

    def remember_store(self) -> None:
        """Keep a copy of the store as it is now, for put_old_store()."""
        gc.collect()
        self._stores = [*self._stores[-3:], {path.name: path.read_bytes() for path in self._store_files()}]

    def tick(self) -> None:
        """Let time pass, or set the clock back; often to the very minute at which something begins or ends."""
        day = datetime(2024, 6, 1, tzinfo=SHANGHAI)
        if self.below(3):
            self.now = day + timedelta(days=DAYS[self.below(len(DAYS))], seconds=self.below(3) - 1)
        else:
            self.now += timedelta(minutes=MINUTES[self.below(len(MINUTES))])
        self.done.append(f"now {self.now}")

    def alter_output(self) -> None:
        """Change, empty, delete or touch a file of the output folder."""
        for path in self._some_output():
            data, deed = path.read_bytes(), self.below(5)
            if deed == 0:
                path.unlink()
            elif deed == 1:
                os.utime(path, (0, 0))
            else:
                times = path.stat()
                path.write_bytes([b"", data[::-1], data + b" "][deed - 2])
                os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            self.done.append(f"output {path.name}: {deed}")

    def exchange_outputs(self) -> None:
        """Exchange two files of the output folder by renaming them."""
        for one, other in zip(self._some_output(), self._some_output(), strict=True):
            aside = self.root / "aside"
            one.replace(aside)
            if other.exists():
                other.replace(one)
            aside.replace(other)
            self.done.append(f"exchanged {one.name} and {other.name}")

    def delete_output_folder(self) -> None:
        """Delete the output folder, or everything in a folder of it."""
        for path in self._some_output():
            target = self.root / "public" if self.below(2) else path.parent
            shutil.rmtree(target)
            self.done.append(f"rm {target.relative_to(self.root)}")

    def harm_store(self) -> None:
        """Delete the store, cut it off, or change some of its bytes."""
        gc.collect()
        for path in self._store_files():
            data, deed = bytearray(path.read_bytes()), self.below(4)
            if deed == 0:
                path.unlink()
            elif deed == 1:
                path.write_bytes(data[: len(data) // 16 * self.below(16)])
            else:
                for _ in range(1 if deed == 2 else 20):
                    place = self.below(len(data) or 1)
                    data[place : place + 1] = bytes([self.below(256)])
                path.write_bytes(data)
            self.is_forgetful = True
            self.done.append(f"store {path.name}: {deed}")

    def put_old_store(self) -> None:
        """Put the store of an earlier moment in place, whole or its main file alone."""
        if self._stores:
            gc.collect()
            found = self._stores[self.below(len(self._stores))]
            if self.below(3) or not self._store_files():
                self._delete_store()
            (self.root / FOLDER).mkdir(exist_ok=True)
            for name, data in found.items():
                (self.root / FOLDER / name).write_bytes(data)
            self.is_forgetful = True
            self.done.append("an old store")

    def forbid_store(self) -> None:
        """Put something in the way, so that nothing can be kept; or take it away."""
        gc.collect()
        self._delete_store()
        deed = self.below(4)
        if deed == 0:
            (self.root / FOLDER).write_text("mine", "utf-8")
        elif deed < 3:
            (self.root / FOLDER / [NAME, CLOCK][deed - 1]).mkdir(parents=True)
        self.is_forgetful = True
        self.done.append(f"no store: {deed}")

    def _delete_store(self) -> None:
        place = self.root / FOLDER
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)

    def leave_rubbish(self) -> None:
        """Leave what a killed build leaves: files that were staged and never put in place."""
        if (self.root / "public" / MANIFEST).exists():
            for name in ("new-0/index.html", "new-0/meetings/x.html", "manifest.new"):
                path = self.root / "public" / STAGING / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("rubbish", "utf-8")
            self.done.append("rubbish")

    def move_site(self) -> None:
        """Move the site to another folder and back, so that other paths lead to the same files for a while."""
        os.utime(self.root / "content")
        aside = self.root.with_name("moved")
        self.root.replace(aside)
        shutil.copytree(aside, self.root, symlinks=True)
        shutil.rmtree(aside)
        self.done.append("a copy of the site takes its place")

    def _store_files(self) -> list[Path]:
        return [path for path in sorted((self.root / FOLDER).glob(f"{NAME}*")) if path.is_file()]

    def _some_output(self) -> list[Path]:
        """One of the files that newsgen made and that are still there."""
        out = self.root / "public"
        listed = read_manifest(out, "public") if (out / MANIFEST).exists() else ()
        found = [out / path for path in listed if (out / path).is_file()]
        return [found[self.below(len(found))]] if found else []


DEEDS: tuple[Callable[[Disturbances], None], ...] = (
    Disturbances.tick,
    Disturbances.alter_output,
    Disturbances.exchange_outputs,
    Disturbances.leave_rubbish,
    Disturbances.move_site,
)
HIDING: tuple[Callable[[Disturbances], None], ...] = (
    Disturbances.delete_output_folder,
    Disturbances.harm_store,
    Disturbances.put_old_store,
    Disturbances.forbid_store,
)
"""Deeds after which much is done anew, so that other faults do not show."""
