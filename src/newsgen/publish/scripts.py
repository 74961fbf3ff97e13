"""What ssh.py runs on a server: POSIX sh with the tools of a Linux server, in the target's folder.

Paths in braces are quoted by whoever fills them in; lists come on standard input, a line or a pair to a line.
"""

from __future__ import annotations

MISSING = 94
"""Exit code of our scripts: what is asked for is not there."""

ENTRIES = """\
[ -d {0} ] || exit 94
cd {0} || exit 1
for n in * .*; do
  if [ -L "$n" ]; then printf 'l%s\\n' "$n"
  elif [ -d "$n" ]; then printf 'd%s\\n' "$n"
  elif [ -e "$n" ]; then printf 'f%s\\n' "$n"; fi
done
"""
WRITE = "mkdir -p {folder} && cat >{new} && chmod 644 {new} && {{ sync {new} 2>/dev/null; mv -fT {new} {path}; }}"
MOVE = """\
tab=$(printf '\\t')
while IFS="$tab" read -r a b; do
  [ -e "./$a" ] || [ -L "./$a" ] || continue
  case "$b" in */*) [ -d "./${b%/*}" ] || mkdir -p "./${b%/*}" || exit 1 ;; esac
  mv -fT "./$a" "./$b" || [ ! -e "./$a" ] || exit 1
done
"""
LINK = """\
tab=$(printf '\\t')
while IFS="$tab" read -r a b; do
  [ -e "./$a" ] || continue
  case "$b" in */*) [ -d "./${b%/*}" ] || mkdir -p "./${b%/*}" || exit 1 ;; esac
  [ "./$a" -ef "./$b" ] && continue
  ln "./$a" "./$b" 2>/dev/null && continue
  ln -f "./$a" "./$b.newsgen-new" && mv -fT "./$b.newsgen-new" "./$b" || exit 1
done
"""
REMOVE = """\
while IFS= read -r p; do
  rm -f "./$p" || exit 1
  while case "$p" in */*) true ;; *) false ;; esac; do p=${p%/*}; rmdir "./$p" 2>/dev/null || break; done
done
"""
HASHES = """\
(cd {lists} 2>/dev/null && xargs cat) >"$d/lists" 2>/dev/null
[ "$(sha256sum <"$d/lists")" = "{digest}  -" ] || exit 94
in=$d/lists
"""
CHECK = """\
[ -d {folder} ] || {{ cut -c 67- "$in" | sed 's/$/: FAILED/'; exit 0; }}
cd {folder} || exit 1
sha256sum -c "$in" 2>/dev/null | grep -v ': OK$'
exit 0
"""
NAMES = """\
[ -d {folder} ] || exit 94
cd {folder} || exit 1
all=$d/all
{{ find . -path ./.newsgen -prune -o -type f -print; find . -path ./.newsgen -prune -o ! -type d ! -type f -print | sed 's/$/@/'; }} \\
  | cut -c 3- | LC_ALL=C sort >"$all"
[ "$(sha256sum <"$all")" = "{digest}  -" ] && echo same || cat "$all"
"""
