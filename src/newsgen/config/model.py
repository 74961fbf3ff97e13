"""A site's settings as values; site_yaml.py reads them from site.yaml."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from newsgen.config.reviews_section import ReviewPolicy
from newsgen.core.model import Diagnostic, Located, Markdown, Record, field


class Period(Record, frozen=True):
    """A span of time; `until` is the first moment after it."""

    since: datetime
    until: datetime


class FriendlyLink(Record, frozen=True):
    """One of the 友情链接 in the footer."""

    name: str
    url: Located


class FooterText(Record, frozen=True):
    """`footer:`, the texts at the foot of every page; None for those not given.

    `icp` is linked to beian.miit.gov.cn, `police` to beian.mps.gov.cn. `institution` is the URL of the page that the
    事业单位 mark links to.
    """

    address: str | None = None
    postcode: str | None = None
    phone: str | None = None
    email: str | None = None
    icp: str | None = None
    police: str | None = None
    institution: str | None = None
    copyright: str | None = None


class Front(Record, frozen=True):
    """`front:`, the contents of the home page. Sections are named by their folder below content/.

    `blocks` None: all top-level sections of the menu. `strip` and `gallery` None: no such strip.
    """

    slides: int = 5
    headlines: int = 7
    rows: int = 6
    blocks: tuple[Located, ...] | None = None
    strip: Located | None = None
    gallery: Located | None = None


class PhotoWidths(Record, frozen=True):
    """`photos:`, the widths in pixels in which photos are published, by the place that shows them; ascending."""

    article: tuple[int, ...] = (480, 720, 960, 1440)
    slides: tuple[int, ...] = (480, 720, 960, 1440)
    cards: tuple[int, ...] = (480, 720)
    thumbnails: tuple[int, ...] = (240, 480)


class Videos(Record, frozen=True):
    """`videos:`. `limit` is the size in megabytes from which a video is reported as large."""

    limit: int = 50


class Attachments(Record, frozen=True):
    """`attachments:`. `clean`: office files and PDFs are published without the names of their authors."""

    clean: bool = False


class Credits(Record, frozen=True):
    """`credits:`: the labels of the credits at an article's end."""

    author: str = "撰稿"
    photographer: str = "摄影"
    editor: str = "编辑"
    review: str = "审核"


class Withdrawal(Record, frozen=True):
    """An article that was withdrawn from the site: one entry of the ledger (withdrawals.py).

    `article` is the path of its file. `addresses` are those at which it could be read, old ones included; one that begins
    with `/` is a path on the server. `files` are its photos and downloads that no other page showed. `title` and `date`
    (a day; None for a standing page) are the article's own; `text` is the digest of its body (BodySummary.body). `when`
    and `restored` (None: still withdrawn) have the form of Moment.minute.
    """

    article: str
    when: str
    why: str
    title: str = ""
    date: str | None = None
    addresses: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    restored: str | None = None
    text: str = ""


class Ledger(Record, frozen=True):
    """All withdrawals, restored ones included, in the order of the file."""

    entries: tuple[Withdrawal, ...] = ()

    @property
    def standing(self) -> tuple[Withdrawal, ...]:
        """The entries that were not restored."""
        return tuple(entry for entry in self.entries if entry.restored is None)

    @property
    def articles(self) -> frozenset[str]:
        """The files of withdrawn articles."""
        return frozenset(entry.article for entry in self.standing)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that must not be served any more."""
        return tuple(dict.fromkeys(address for entry in self.standing for address in entry.addresses))

    @property
    def files(self) -> frozenset[str]:
        """The photos and downloads of withdrawn articles; another article may show them by now."""
        return frozenset(file for entry in self.standing for file in entry.files)

    def held(self, paths: Collection[str]) -> tuple[Withdrawal, ...]:
        """The entries in force whose article has a page among `paths`, the files of a built site."""
        return tuple(
            entry
            for entry in self.standing
            if any(f"{name}index.html" in paths if name.endswith("/") else name in paths for name in entry.addresses)
        )


class ViewCounts(Record, frozen=True):
    """The view counts of pages by address, from the file `name` (view_counts.py). Without such a file `name` is ""."""

    name: str = ""
    numbers: dict[str, int] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    def total(self, address: str, base: int | None) -> int | None:
        """The count that a page shows: the delivered one plus `base`, that of the old site. None if it is 0 or none was
        delivered.
        """
        return (self.numbers[address] + (base or 0)) or None if address in self.numbers else None


class Config(Record, frozen=True):
    """A site's settings. `url` ends with `/`. All but `ledger` and `counts` come from site.yaml; `views` names a file.

    `home_line` and `institution_line` are the lines of `home` and `footer: institution:` in site.yaml.
    """

    title: str
    organization: str
    url: str
    home: str
    source: str = ""  # the default source of articles; the organization if not given
    description: str | None = None
    keywords: tuple[str, ...] = ()
    site_id_code: str | None = None
    emblem: Located | None = None
    footer: FooterText = field(default_factory=FooterText)
    links: tuple[FriendlyLink, ...] = ()
    credits: Credits = field(default_factory=Credits)
    front: Front = field(default_factory=Front)
    greyscale: tuple[Period, ...] = ()
    qr: bool = True  # whether articles show their address as a QR code
    markdown: Markdown = field(default_factory=Markdown)
    photos: PhotoWidths = field(default_factory=PhotoWidths)
    videos: Videos = field(default_factory=Videos)
    attachments: Attachments = field(default_factory=Attachments)
    views: Located | None = None
    reviews: ReviewPolicy | None = None  # None: nothing has to be approved
    ledger: Ledger = field(default_factory=Ledger)
    counts: ViewCounts = field(default_factory=ViewCounts)
    home_line: int = 1
    institution_line: int = 1


class Target(Record, frozen=True):
    """One of `publish: targets:`, a folder to which the site is published.

    `kind` is `ssh` (OpenSSH and rsync), `sftp` or `folder`. `path` is the folder of the releases, or the document root
    of a flat `layout`; `layout` None: `releases` if symbolic links can be made, else `flat`. `host`, `port` and `user`
    belong to `ssh` and `sftp`. `key` is a private key's file, `key_env` an environment variable that holds a key; both
    None: ssh's agent and default files. `known_hosts` is a file of the site with the server's key; None: the user's
    own. `url` is the URL at which the target is served; None: the site's. `http`: a sample is fetched from there after
    going live.
    """

    name: str
    kind: str
    path: str
    host: str = ""
    port: int = 22
    user: str | None = None
    key: str | None = None
    key_env: str | None = None
    known_hosts: str | None = None
    layout: str | None = None
    url: str | None = None
    http: bool = True

    @property
    def shown(self) -> str:
        """The target as shown to people: `web@www.example.edu.cn:/srv/www/dqgz`."""
        user = f"{self.user}@" if self.user else ""
        return f"{user}{self.host}:{self.path}" if self.host else self.path


class Signing(Record, frozen=True):
    """`publish: sign:`. `key` is a private key's file, `key_env` an environment variable that holds a key; both None:
    this machine only verifies. `signers` is a file of the site in the format ALLOWED SIGNERS of ssh-keygen(1).
    """

    signers: str
    key: str | None = None
    key_env: str | None = None


class Publishing(Record, frozen=True):
    """`publish:`. `keep` is the number of releases kept at the target; assets stay reachable for `carry` further
    releases. A publish that would delete more than `max_delete` (a share) of the live files is refused. The first
    target is the default. `sign` None: releases are not signed.
    """

    targets: tuple[Target, ...] = ()
    keep: int = 5
    carry: int = 3
    max_delete: float = 0.2
    sign: Signing | None = None
