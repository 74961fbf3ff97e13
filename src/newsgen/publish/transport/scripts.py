"""Scripts that ssh.py runs on a server: POSIX sh with the tools of a Linux server, in the target's folder.

Names in braces are filled in, quoted, by ssh.py. Lists come on standard input, a name or a pair to a line where the
names are newsgen's own; names that others may have given end with NUL. `aside` is a path inside the guard
(Transport.guard): if the guard is gone, the script fails before anything has changed.
"""

from __future__ import annotations

MISSING = 94
"""The exit code of a script if there is no such file or folder."""
STRANGE = 95
"""The exit code of a script if the path is no plain file."""

ENTRIES = """\
[ -d {0} ] || exit 94
cd {0} || exit 1
for n in * .*; do
  if [ -L "$n" ]; then printf 'l%s\\000' "$n"
  elif [ -d "$n" ]; then printf 'd%s\\000' "$n"
  elif [ -e "$n" ]; then printf 'f%s\\000' "$n"; fi
done
"""
READ = """\
[ -e {path} ] || exit 94
[ -f {path} ] || exit 95
head -c {most} {path} || exit 1
"""
READ_ALL = """\
plain='for p; do shift; if [ -f "$p" ]; then set -- "$@" "$p"; fi; done; [ $# = 0 ] || cat "$@"'
xargs sh -c "$plain" sh 2>/dev/null
true
"""
WRITE = "mkdir -p {folder} && cat >{new} && chmod 644 {new} && {{ sync {new} 2>/dev/null; mv -fT {new} {path}; }}"
POINT = "rm -f {new}; ln -s {target} {new} && mv -fT {new} {path}"
TAKE = "mv -fT {source} {aside} && mv -fT {aside} {target}"
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
  [ -f "./$a" ] && [ ! -L "./$a" ] || continue
  case "$b" in */*) [ -d "./${b%/*}" ] || mkdir -p "./${b%/*}" || exit 1 ;; esac
  [ "./$a" -ef "./$b" ] && continue
  { ln -f "./$a" "$new" 2>/dev/null || cp -fT "./$a" "$new"; } && mv -fT "$new" "./$b" || exit 1
done
"""
REMOVE = """\
remove='i=0
for p; do
  p=./$p
  if [ -d "$p" ] && [ ! -L "$p" ]; then echo "$p: Is a directory" >&2; exit 1; fi
  if [ -e "$p" ] || [ -L "$p" ]; then mv -fT "$p" "$aside/$((i += 1))" || exit 1; fi
  while p=${p%/*} && [ "$p" != . ]; do rmdir "$p" 2>/dev/null || break; done
done'
mkdir "$aside" && aside=$aside xargs -0 -r sh -c "$remove" sh && rm -rf "$aside"
"""
REMOVE_TREE = """\
if [ -e {folder} ] || [ -L {folder} ]; then mv -fT {folder} {aside} && rm -rf {aside}; fi
"""
HASHES = """\
(cd {lists} 2>/dev/null && [ -z "$(find . ! -type d ! -type f -print | head -n 1)" ] && xargs cat) >"$d/lists" 2>/dev/null
[ "$(sha256sum <"$d/lists")" = "{digest}  -" ] || exit 94
in=$d/lists
"""
CHECK = """\
[ -d {folder} ] || {{ cut -c 67- "$in" | sed 's/$/: FAILED/'; exit 0; }}
cd {folder} || exit 1
if [ -n "$(find . ! -type d ! -type f -print | head -n 1)" ]; then
  while read -r h n; do
    if [ -f "./$n" ] && [ ! -L "./$n" ]; then printf '%s  %s\\n' "$h" "$n"; else printf '%s: FAILED\\n' "$n" >&3; fi
  done <"$in" 3>"$d/strange" >"$d/plain"
  in=$d/plain
  cat "$d/strange"
fi
sha256sum -c "$in" 2>/dev/null | grep -v ': OK$'
exit 0
"""
NAMES = """\
[ -d {folder} ] || exit 94
cd {folder} || exit 1
find . {but} -type f -print0 | sort -z >"$d/all"
printf '\\000' >>"$d/all"
find . {but} ! -type d ! -type f -print0 >>"$d/all"
[ "$(sha256sum <"$d/all")" = "{digest}  -" ] && echo same || cat "$d/all"
"""
BUT_STATE = "-path ./.newsgen -prune -o"
