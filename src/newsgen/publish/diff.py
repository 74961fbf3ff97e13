"""The difference between two releases, and the limit on deletions in one publish."""

from __future__ import annotations

from dataclasses import dataclass

from newsgen.core.errors import ContentError
from newsgen.core.model import Diagnostic
from newsgen.publish.release import StoredRelease, files_before


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """The added, changed and deleted files, sorted by path; `carried` are assets kept for pages that are still open."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    carried: tuple[str, ...]
    share: float
    """The share (0 to 1) of the live files that are deleted."""

    @classmethod
    def of(cls, new: StoredRelease, before: StoredRelease | None) -> ReleaseDiff:
        """The difference between the live release and a new one."""
        files, old = new.listing.files, files_before(before)
        deleted = tuple(sorted(old.keys() - files.keys()))
        return cls(
            tuple(sorted(files.keys() - old.keys())),
            tuple(sorted(path for path in files.keys() & old.keys() if files[path] != old[path])),
            deleted,
            tuple(new.release.carried),
            len(deleted) / len(old) if old else 0.0,
        )

    @property
    def differs(self) -> bool:
        """Whether any file is added, changed or deleted."""
        return bool(self.added or self.changed or self.deleted)

    def refuse(self, limit: float, live: int) -> None:
        """Raises ContentError if more than one file, and more than the share `limit` of all, would be deleted."""
        if len(self.deleted) > 1 and self.share > limit:
            examples = "、".join(self.deleted[:5])
            message = f"这次发布会删去线上 {live} 个文件中的 {len(self.deleted)} 个（{self.share:.0%}），超过了 {limit:.0%}：{examples} …"
            hint = f"看看 content 是不是少了东西；确实要删，就运行 newsgen publish --max-delete {-(-self.share * 100 // 1):.0f}%"
            raise ContentError([Diagnostic("publish.too-many-deleted", "error", message, hint)])
